import { expect } from 'chai';

import { retryWorkflow } from '../../../../argo/retry/retry.js';
import { workflowsOf } from '../../../../argo/workflows/find-workflows.js';
import { listWorkflows } from '../../../../argo/workflows/read.js';
import {
  commitMarks,
  commitOf,
  LABELS,
  KFOPS_SELECTOR,
  repositoryLabel,
} from '../../../../generator/workflow/names.js';
import { compile, gitCommitSource, type Workflow } from '../../../../index.js';
import { workflowIdentity } from '../../../../server/builds/identity.js';
import { subjectOf } from '../../../../server/reporter/subject.js';
import { reference, type Reference } from '../../../support/reference.js';
import { fakeApi, json } from '../../argo/fake-api.js';
import { git, repository as repositoryOf } from '../../sources/repository.js';

const CONFIG = `repository: {owner: acme, name: churn}
pipeline: {name: Churn, namespace: data-science, experiment_name: churn, pipeline_path: pipeline.py}
image_builder:
  container_registry_uri: ghcr.io/acme
  images: [{name: trainer, dockerfile_folder_path: images/a}]
`;
const FILES = {
  'config_files/config.yaml': CONFIG,
  'images/a/Dockerfile': 'FROM python:3.11\n',
  'pipeline.py': 'from kfp import dsl\n\n\n@dsl.pipeline\ndef p():\n    pass\n',
};
const PULL_REQUEST = { repository: { id: 7, owner: 'acme', name: 'churn' }, number: 17 };

/** A build for a pull request of a repository of this format, from its only commit. */
async function build(format: string): Promise<{ commit: string; workflow: Workflow }> {
  const folder = repositoryOf(FILES, `--object-format=${format}`);
  const commit = git(folder, 'rev-parse', 'HEAD');
  const marks = workflowIdentity(
    { origin: PULL_REQUEST, commit, verb: 'build', flags: [] },
    1,
    { comments: [1], by: 'ann' },
    'r',
  );
  const { workflow } = await compile(await gitCommitSource(folder, 'HEAD'), { ...marks, pullRequest: 17 });
  return { commit, workflow };
}

/** Every label in a workflow and its templates. */
function labelsIn(value: unknown): { key: string; value: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]: [string, unknown]) =>
    name === 'labels'
      ? Object.entries(each as Record<string, string>).map(([key, text]) => ({ key, value: text }))
      : labelsIn(each),
  );
}

describe('labels of a workflow', () => {
  for (const [format, digits] of [
    ['sha1', 40],
    ['sha256', 64],
  ] as const) {
    describe(`of a ${format} repository`, () => {
      let commit: string;
      let workflow: Workflow;
      before(async () => {
        ({ commit, workflow } = await build(format));
      });

      it('are taken by Kubernetes', async function () {
        this.timeout(600_000);
        const kubernetes: Reference = reference(this);
        try {
          const labels = labelsIn(workflow);
          expect(labels.map(({ key }) => key)).to.include(LABELS.commit);
          for (const [i, { key, value }] of (await kubernetes.label(labels)).entries())
            expect([...key, ...value], JSON.stringify(labels[i])).to.deep.equal([]);
        } finally {
          kubernetes.remove();
        }
      });

      it('tell every reader the full commit', async () => {
        expect(commit).to.have.length(digits);
        const { metadata } = workflow;
        const observed = { ...metadata, name: metadata.name ?? '' };
        const api = await fakeApi((_, response) => {
          json(response, 200, { metadata: { resourceVersion: '1' }, items: [{ metadata: observed }] });
        });
        try {
          const [found] = await workflowsOf(api.client, 'ns', PULL_REQUEST);
          const [listed] = await listWorkflows(api.client, 'ns', KFOPS_SELECTOR);
          expect({
            names: commitOf(metadata),
            subject: subjectOf(observed)?.request.commit,
            found: found?.commit,
            listed: listed?.commit,
          }).to.deep.equal({ names: commit, subject: commit, found: commit, listed: commit });
        } finally {
          await api.close();
        }
      });

      it('are those of a retry, too', () => {
        const again = retryWorkflow(
          { ...workflow, metadata: { ...workflow.metadata, name: 'w' } } as never,
          { images: [] } as never,
        );
        expect(commitOf(again.metadata)).to.equal(commit);
      });
    });
  }

  it('say nothing more where an annotation is of another commit', () => {
    const { labels } = commitMarks('a'.repeat(64));
    expect(commitOf({ labels, annotations: commitMarks('b'.repeat(64)).annotations })).to.equal(
      'a'.repeat(63),
    );
    expect(commitOf({ annotations: commitMarks('b'.repeat(64)).annotations })).to.equal(undefined);
    expect(commitOf({})).to.equal(undefined);
  });

  it('hold any repository of GitHub', async function () {
    this.timeout(600_000);
    const kubernetes = reference(this);
    try {
      const repositories = [
        '.',
        '-',
        '_',
        '.a.',
        'a'.repeat(100),
        `a${'-'.repeat(99)}`,
        `${'.'.repeat(99)}a`,
      ];
      const values = repositories.flatMap((name) =>
        ['a', 'a'.repeat(39), 'a_b'].map((owner) => ({
          key: LABELS.repository,
          value: repositoryLabel({ owner, name }),
        })),
      );
      for (const [i, { value }] of (await kubernetes.label(values)).entries())
        expect(value, values[i]?.value).to.deep.equal([]);
    } finally {
      kubernetes.remove();
    }
  });
});
