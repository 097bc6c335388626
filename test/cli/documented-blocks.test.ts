import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';
import { parseAllDocuments } from 'yaml';

import { pythonOrSkip } from '../fixtures/python.js';
import { blockOf } from '../support/documented-blocks.js';
import { runBlock } from '../support/run-block.js';
import { shownCommands } from '../support/shell-blocks.js';
import { git } from '../unit/sources/repository.js';
import { temporaryFolder, write, writeProject } from './project.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The commands of the documentation that need no cluster, as a reader types them. */
describe('commands of the documentation', () => {
  it('docs/contexts.md: the archive has the key and the size that the page shows', async () => {
    const cwd = temporaryFolder();
    cpSync(join(ROOT, 'examples'), join(cwd, 'examples'), { recursive: true });
    const [context] = shownCommands(blockOf('docs/contexts.md', '$ kfops context iris_serve'));
    const { code, output } = await runBlock(context!.command, { cwd });
    expect({ code, lines: output.trimEnd().split('\n') }).to.deep.equal({ code: 0, lines: context!.shown });
  });

  it('docs/contexts.md: the key by hand is that of the context', async () => {
    const cwd = temporaryFolder();
    writeProject(cwd, ['trainer']);
    const folder = join(cwd, 'images/trainer');
    const { stdout } = await runBlock(blockOf('docs/contexts.md', 'id=$(git hash-object ').text, {
      cwd: folder,
    });
    const context = await runBlock('kfops context trainer -o trainer.tar.gz', { cwd });
    expect(stdout).to.match(/^[0-9a-f]{64} /);
    expect(context.output)
      .to.include(`1 file, `)
      .and.to.include(`key ${stdout.slice(0, 12)} `);
  });

  it('docs/errors.md: the command of SUBMODULE checks a submodule out', async () => {
    const [inner, cwd] = [temporaryFolder(), temporaryFolder()];
    write(inner, { 'util.py': 'x = 1\n' });
    for (const folder of [inner, cwd]) {
      git(folder, 'init', '-q', '-b', 'main');
      if (folder === cwd) git(cwd, 'submodule', '--quiet', 'add', inner, 'libs/shared');
      git(folder, 'add', '-A');
      git(folder, 'commit', '-qm', 'all');
    }
    git(cwd, 'submodule', '--quiet', 'deinit', 'libs/shared');
    const { code, output } = await runBlock(blockOf('docs/errors.md', 'git submodule update').text, {
      cwd,
      env: { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'protocol.file.allow', GIT_CONFIG_VALUE_0: 'always' },
    });
    expect(code, output).to.equal(0);
    expect(readFileSync(join(cwd, 'libs/shared/util.py'), 'utf8')).to.equal('x = 1\n');
  });

  it('docs/install.md: accounts and rights for a namespace that is there, nothing else', async () => {
    const cwd = temporaryFolder();
    cpSync(join(ROOT, 'deploy'), join(cwd, 'deploy'), { recursive: true });
    const kubectl = join(cwd, 'kubectl');
    // Each call gets documents of its own.
    writeFileSync(kubectl, '#!/bin/sh\ncat\necho ---\n', { mode: 0o755 });
    const { text } = blockOf('docs/install.md', '(cd deploy/build-namespace');
    const { code, stdout, output } = await runBlock(text, { cwd, commands: { kubectl } });
    expect(code, output).to.equal(0);
    const objects = parseAllDocuments(stdout).flatMap((document) => {
      expect(document.errors).to.deep.equal([]);
      const object = document.toJS() as { kind: string; metadata: { namespace?: string } } | null;
      return object ? [object] : [];
    });
    expect(objects.map(({ kind }) => kind)).to.include.members(['ServiceAccount', 'Role', 'RoleBinding']);
    expect(objects.map(({ kind }) => kind)).not.to.include('Namespace');
    for (const { metadata } of objects) expect(metadata.namespace).to.equal('kubeflow');
    expect(stdout).not.to.include("'kfops'");
  });

  it('docs/migrating.md: the commands make a configuration of 2022 valid', async () => {
    const cwd = temporaryFolder();
    cpSync(join(ROOT, 'test/cases/kfops-2022/input'), cwd, { recursive: true });
    const steps = shownCommands(blockOf('docs/migrating.md', '$ kfops migrate '));
    const { code, output } = await runBlock(steps.map(({ command }) => command).join('\n'), { cwd });
    expect(code, output).to.equal(0);
    expect(output)
      .to.include('✓ wrote config_files/config.yaml')
      .and.to.match(/^✓ valid: /m);
  });

  it('docs/pipelines.md: compiles the example with the Python of .venv', async function () {
    const python = pythonOrSkip(this);
    const cwd = temporaryFolder();
    cpSync(join(ROOT, 'examples/sklearn-iris'), cwd, { recursive: true });
    symlinkSync(dirname(dirname(python)), join(cwd, '.venv'));
    const [compile] = shownCommands(blockOf('docs/pipelines.md', '$ kfops compile-pipeline'));
    const { code, output } = await runBlock(compile!.command, { cwd });
    expect(code, output).to.equal(0);
    expect(output.split('\n')).to.include.members(compile!.shown);
  });

  it('docs/testing.md: one file of tests is run, and one test of it', async () => {
    const block = blockOf('docs/testing.md', 'npm run test:file');
    const { code, stdout, output } = await runBlock(block.text, {
      cwd: ROOT,
      env: { HOME: temporaryFolder() },
    });
    expect(code, output).to.equal(0);
    const [all = 0, one = 0] = [...stdout.matchAll(/^ +(\d+) passing/gm)].map(([, count]) => Number(count));
    expect(one).to.be.above(0).and.below(all);
  });
});
