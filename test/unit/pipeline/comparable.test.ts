import { readFileSync } from 'node:fs';

import { expect } from 'chai';

import { comparablePipeline } from '../../../pipeline/comparable.js';
import { WorkError } from '../../../schema/errors.js';

const FLOWERS = readFileSync(new URL('../../fixtures/pipelines/flowers.yaml', import.meta.url), 'utf8');

/** A compiled pipeline of one step. */
function compiled(image: string, code = 'print(1)'): string {
  return [
    '# PIPELINE DEFINITION',
    'root: {dag: {tasks: {}}}',
    `deploymentSpec: {executors: {exec-a: {container: {image: '${image}', command: [python, -c, ${JSON.stringify(code)}]}}}}`,
    'schemaVersion: 2.1.0',
    '',
  ].join('\n');
}

const A = `sha256:${'a'.repeat(64)}`;

describe('a compiled pipeline to be compared', () => {
  it('has sorted keys, and code in lines of its own', () => {
    const { lines } = comparablePipeline(compiled('r.example/a:1', 'import os\nprint(os.name)\n'));
    expect(lines[0]).to.equal('deploymentSpec:');
    expect(lines).to.include('            import os').and.to.include('            print(os.name)');
    expect(lines).to.include('schemaVersion: 2.1.0');
  });

  it('has no digest in its lines, but those of its images by their names', () => {
    const { lines, digests } = comparablePipeline(compiled(`r.example/a@${A}`));
    expect(lines.join('\n')).to.include('image: r.example/a@sha256:…').and.not.to.include(A);
    expect([...digests]).to.deep.equal([['r.example/a', A]]);
    expect(comparablePipeline(compiled('r.example/a:1')).digests.size).to.equal(0);
  });

  it('is what kfp wrote', () => {
    const { lines } = comparablePipeline(FLOWERS);
    expect(lines.filter((line) => line.startsWith('  comp-condition-'))).not.to.deep.equal([]);
  });

  it('threat 84: refuses what is no compiled pipeline, and aliases', () => {
    for (const text of ['', 'a: 1', 'x: &a [1]\ny: *a\n' + compiled('r.example/a:1')])
      expect(() => comparablePipeline(text), text).to.throw(WorkError);
  });
});
