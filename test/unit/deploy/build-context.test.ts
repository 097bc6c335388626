import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = new URL('../../../', import.meta.url);

function readText(name: string): string {
  return readFileSync(new URL(name, ROOT), 'utf8');
}

/** The top-level folders with TypeScript that tsconfig.build.json compiles. */
function compiledFolders(): string[] {
  const { exclude } = JSON.parse(readText('tsconfig.build.json')) as { readonly exclude: readonly string[] };
  return readdirSync(ROOT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !exclude.includes(entry.name))
    .map(({ name }) => name)
    .filter((name) =>
      readdirSync(fileURLToPath(new URL(name, ROOT)), { recursive: true, encoding: 'utf8' }).some((file) =>
        file.endsWith('.ts'),
      ),
    );
}

describe('the build context of the server’s image', () => {
  it('contains every folder that is compiled', () => {
    const kept = readText('.dockerignore').split('\n');
    const folders = compiledFolders();
    expect(folders).to.include.members(['common', 'server']);
    expect(folders.filter((folder) => !kept.includes(`!${folder}`))).to.deep.equal([]);
  });
});
