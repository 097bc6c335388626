import { readFileSync } from 'node:fs';

import { expect } from 'chai';

import type { ObservedWorkflow } from '../../../../argo/status/observed.js';
import { workflowResult } from '../../../../argo/status/status.js';
import { findUnchanged } from '../../../../argo/workflows/find-unchanged.js';
import { contentLabel, type Content } from '../../../../generator/workflow/content.js';
import { LABELS, repositoryLabel } from '../../../../generator/workflow/names.js';
import type { Collection } from '../../../fixtures/kubernetes-store.js';
import { startKubernetes, type KubernetesStandIn } from '../../../fixtures/kubernetes.js';

const REPOSITORY = { owner: 'me', name: 'iris' };
const CONTENT: Content = { pipeline: 'a'.repeat(12), content: 'b'.repeat(40) };
const OTHER_CONTENT: Content = { ...CONTENT, content: 'c'.repeat(40) };
const OTHER_PIPELINE: Content = { ...CONTENT, pipeline: 'd'.repeat(12) };

/** A workflow of a real run that built two images. */
const { workflow: BUILT } = JSON.parse(
  readFileSync(new URL('../../../fixtures/argo/two-images.json', import.meta.url), 'utf8'),
) as { workflow: ObservedWorkflow };
const DIGESTS = new Map(
  workflowResult(BUILT).images.map(({ repository, digest = '' }) => [repository, digest]),
);

describe('argo/find-unchanged', () => {
  let api: KubernetesStandIn;
  let workflows: Collection;
  beforeEach(async () => {
    api = await startKubernetes(2_000);
    workflows = api.collection('workflows', 'ns');
  });
  afterEach(() => api.close());

  /** @param day - of its creation */
  function has(
    name: string,
    day: number,
    content: Content,
    changes: { phase?: string; shutdown?: string } = {},
  ) {
    const { phase = 'Succeeded', shutdown } = changes;
    workflows.create({
      ...BUILT,
      metadata: {
        name,
        creationTimestamp: `2026-01-0${day}T00:00:00Z`,
        labels: {
          [LABELS.managedBy]: 'kfops',
          [LABELS.repository]: repositoryLabel(REPOSITORY),
          [LABELS.content]: contentLabel(content),
          'workflows.argoproj.io/phase': phase,
        },
      },
      spec: { ...BUILT.spec, ...(shutdown !== undefined && { shutdown }) },
      status: { ...BUILT.status, phase, ...(shutdown !== undefined && { nodes: {} }) },
    });
  }

  const find = (digests: ReadonlyMap<string, string> = DIGESTS): Promise<string | undefined> =>
    findUnchanged(api.client, 'ns', { repository: REPOSITORY, content: CONTENT, digests });

  it('finds the last successful build that made the same', async () => {
    expect(DIGESTS.size).to.equal(2);
    expect(await find()).to.equal(undefined);
    has('older', 1, CONTENT);
    has('same', 2, CONTENT);
    expect(await find()).to.equal('same');
  });

  it('other digests, more images and fewer images are a change', async () => {
    has('same', 1, CONTENT);
    const [[first, digest] = ['', '']] = [...DIGESTS];
    expect(await find(new Map([...DIGESTS, [first, `sha256:${'0'.repeat(64)}`]]))).to.equal(undefined);
    expect(await find(new Map([...DIGESTS, ['third', digest]]))).to.equal(undefined);
    expect(await find(new Map([[first, digest]]))).to.equal(undefined);
  });

  it('a build of other content in between is a change', async () => {
    has('same', 1, CONTENT);
    has('other', 2, OTHER_CONTENT);
    expect(await find()).to.equal(undefined);
  });

  it('builds of other pipelines, and builds that did not succeed, do not count', async () => {
    has('same', 1, CONTENT);
    has('other-pipeline', 2, OTHER_PIPELINE);
    has('failed', 3, OTHER_CONTENT, { phase: 'Failed' });
    has('running', 4, OTHER_CONTENT, { phase: 'Running' });
    has('terminated', 5, OTHER_CONTENT, { shutdown: 'Terminate' });
    expect(await find()).to.equal('same');
  });
});
