import { readFileSync } from 'node:fs';

import { expect } from 'chai';

import type { ObservedWorkflow } from '../../../../argo/status/observed.js';
import { workflowResult } from '../../../../argo/status/status.js';
import {
  ANNOTATIONS,
  commitMarks,
  LABELS,
  MANAGED_BY,
  repositoryLabel,
} from '../../../../generator/workflow/names.js';
import { compiledBuild } from '../../../../server/builds/compiled-builds.js';
import type { CompiledBuild } from '../../../../server/comment/diff-answer.js';
import { CommandServer } from '../command-server.js';
import { REPOSITORY } from '../facts.js';

const FILE = new URL('../../../fixtures/argo/sklearn-iris-run.json', import.meta.url);
const { workflow: RECORDED } = JSON.parse(readFileSync(FILE, 'utf8')) as { workflow: ObservedWorkflow };
/** The version that the recorded workflow has published, and a commit of that version. */
const VERSION = workflowResult(RECORDED).publish?.version ?? '';
const COMMIT = `${/[0-9a-f]{12}$/.exec(VERSION)?.[0] ?? ''}${'0'.repeat(28)}`;
const OTHER = 'f'.repeat(40);

describe('the build of a commit whose pipeline is compiled', () => {
  let server: CommandServer;

  beforeEach(async () => {
    server = await CommandServer.open();
  });
  afterEach(() => server.close());

  /** Adds the recorded workflow, as one of a commit. @returns its uid */
  function has(name: string, commit: string, changes: Partial<ObservedWorkflow['metadata']> = {}): string {
    const { labels, annotations } = commitMarks(commit);
    const { metadata } = server.workflows.create({
      ...RECORDED,
      metadata: {
        name,
        creationTimestamp: '2026-01-02T03:04:05Z',
        labels: {
          ...labels,
          [LABELS.managedBy]: MANAGED_BY,
          [LABELS.repository]: repositoryLabel(REPOSITORY),
        },
        annotations,
        ...changes,
      },
    });
    return metadata.uid ?? '';
  }

  const find = (...commits: string[]): Promise<CompiledBuild | undefined> =>
    compiledBuild(server.context, REPOSITORY, commits, server.work);

  it('is the latest, with the key of its pipeline', async () => {
    has('old', COMMIT);
    const uid = has('new', COMMIT, { creationTimestamp: '2026-01-03T03:04:05Z' });
    expect(await find(COMMIT)).to.deep.equal({
      workflow: 'new',
      commit: COMMIT,
      objectKey: `runs/${uid}/pipeline.yaml`,
    });
  });

  it('is one of the first commit that has one', async () => {
    has('a', COMMIT);
    expect((await find(OTHER, COMMIT))?.workflow).to.equal('a');
    expect(await find(OTHER)).to.equal(undefined);
  });

  it('is none of another repository with the same name, and none of uncommitted changes', async () => {
    const annotations = { [ANNOTATIONS.repositoryId]: '4711' };
    has('foreign', COMMIT, { annotations });
    // Its version has the digits of its content.
    has('dirty', OTHER);
    expect(await find(COMMIT, OTHER)).to.equal(undefined);
    has('own', COMMIT, { annotations: { [ANNOTATIONS.repositoryId]: String(REPOSITORY.id) } });
    expect((await find(COMMIT))?.workflow).to.equal('own');
  });

  it('is none that has not compiled its pipeline yet', async () => {
    has('failed', COMMIT);
    const there = server.workflows.objects.get('failed')!;
    server.workflows.replace({ ...there, status: { phase: 'Failed', nodes: {} } });
    expect(await find(COMMIT)).to.equal(undefined);
  });
});
