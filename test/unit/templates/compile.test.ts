import { readdirSync } from 'node:fs';
import { runInNewContext } from 'node:vm';

import { expect } from 'chai';

import { compileAll, compileTemplate, type CompiledTemplate } from '../../../templates/compile.js';

const FOLDER = new URL('../../../templates/', import.meta.url);

describe('the compiled templates of the package', () => {
  it('are all templates and their partials, each as a checkout compiles it', () => {
    const module = { exports: {} as Record<string, CompiledTemplate> };
    runInNewContext(compileAll(), { module });
    const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.hbs'));
    expect(Object.keys(module.exports).sort()).to.deep.equal(files.sort());
    const text = ({ partials, template }: CompiledTemplate): unknown => [
      partials,
      Object.entries(template).map(([key, value]) => `${key} ${String(value)}`),
    ];
    for (const [file, compiled] of Object.entries(module.exports))
      expect(text(compiled), file).to.deep.equal(text(compileTemplate(file)));
    expect(module.exports['comment.md.hbs']?.partials).to.include('build');
  });
});
