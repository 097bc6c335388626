import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { folderSource } from '../../../sources/folder.js';
import { contents, git, newFolder, removeFolders, repository, write } from './repository.js';

const KEY = '0123456789abcdef'.repeat(4);
const WORKFLOW = `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata:
  generateName: kfops-churn-
  labels:
    app.kubernetes.io/managed-by: kfops
spec: {}
`;
const OUTPUTS = {
  'workflow.yaml': WORKFLOW,
  'a/b.yml': WORKFLOW,
  [`out/contexts/ctx/${KEY}.tar.gz`]: 'x',
  [`ctx/.${KEY}.tar.gz.0a1b2c.partial`]: 'x',
};
/** What only resembles them. */
const FILES = {
  'other.yaml': WORKFLOW.replace('managed-by: kfops', 'managed-by: Helm'),
  'template.yaml': WORKFLOW.replace('Workflow', 'WorkflowTemplate'),
  'workflow.txt': WORKFLOW,
  [`ctx/${KEY}.zip`]: 'x',
  'ctx/model.tar.gz': 'x',
};

const pathsOf = async (...args: Parameters<typeof folderSource>): Promise<string[]> =>
  Object.keys(await contents(await folderSource(...args)));

describe('what Kfops wrote', () => {
  afterEach(removeFolders);

  it('is not read again, and is no change of the files', async () => {
    const repo = repository(FILES);
    write(repo, OUTPUTS);
    const source = await folderSource(repo);
    expect(Object.keys(await contents(source))).to.have.members(Object.keys(FILES));
    expect(source.revision).to.include({ dirty: false });
  });

  it('is not read outside of git either', async () => {
    const folder = newFolder();
    write(folder, { ...FILES, ...OUTPUTS });
    expect(await pathsOf(folder)).to.have.members(Object.keys(FILES));
  });

  it('is read where it is in the commit', async () => {
    const all = { ...FILES, ...OUTPUTS };
    expect(await pathsOf(repository(all))).to.have.members(Object.keys(all));
  });

  it('is not read where this run writes it, at any place and of any kind', async () => {
    const repo = repository({ tracked: '1', 'sub/a': '2' });
    write(repo, { 'sub/trainer.tar.gz': 'x', 'trainer.tar.gz': 'y' });
    const outputs = ['trainer.tar.gz', 'sub/trainer.tar.gz', 'tracked', '../elsewhere', '..x'];
    expect(await pathsOf(repo, { outputs: outputs.map((path) => join(repo, path)) })).to.have.members([
      'sub/a',
      'tracked',
    ]);
    const inSub = await pathsOf(join(repo, 'sub'), { outputs: [join(repo, 'trainer.tar.gz')] });
    expect(inSub).to.deep.equal(['a', 'trainer.tar.gz']);
  });

  it('is found by way of a link to its folder', async () => {
    const repo = repository({ a: '1' });
    const elsewhere = newFolder();
    mkdirSync(join(repo, 'sub'));
    write(repo, { 'sub/x.tar.gz': 'x' });
    symlinkSync(join(repo, 'sub'), join(elsewhere, 'link'));
    expect(await pathsOf(repo, { outputs: [join(elsewhere, 'link/x.tar.gz')] })).to.deep.equal(['a']);
  });

  it('stays out of a folder that git ignores, too', async () => {
    const repo = repository({ '.gitignore': 'out/\n' });
    write(repo, { 'out/workflow.yaml': WORKFLOW, 'out/data': '1' });
    expect(git(repo, 'status', '--porcelain')).to.equal('');
    expect(await pathsOf(repo, { includeIgnored: true })).to.deep.equal(['.gitignore', 'out/data']);
  });
});
