import { expect } from 'chai';

import { KfpRefusal, type KfpCall, type KfpClient } from '../../../../pipeline/kfp.js';
import { artifactApi } from '../../../../pipeline/outputs/artifact-api.js';
import { failure } from '../failure.js';

type Answer = Readonly<Record<string, unknown>>;

/** Answers as `ArtifactService` does: one page of relations after the other, and artifacts by their ids. */
function client(pages: readonly (readonly Answer[])[], artifacts: Readonly<Record<string, Answer>>) {
  const calls: KfpCall[] = [];
  const kfp: KfpClient = {
    call: (call) => {
      calls.push(call);
      if (call.path !== '/artifact_tasks') return Promise.resolve(artifacts[call.path.slice(11)] ?? {});
      const page = Number(call.query?.page_token ?? 0);
      const next = page + 1 < pages.length ? String(page + 1) : '';
      return Promise.resolve({ artifact_tasks: pages[page], next_page_token: next });
    },
  };
  return { kfp, calls };
}

const relation = (id: string, type: string, step?: string): Answer => ({
  artifact_id: id,
  type,
  ...(step !== undefined && { producer: { task_name: step } }),
});

describe('the artifact API', () => {
  it('tells what a run’s steps put out, once each', async () => {
    const { kfp, calls } = client(
      [
        [relation('a', 'OUTPUT', 'train'), relation('in', 'COMPONENT_INPUT', 'train')],
        [relation('a', 'OUTPUT', 'root'), relation('b', 'ITERATOR_OUTPUT'), relation('n', 'OUTPUT', 'train')],
      ],
      {
        a: { type: 'Metric', name: 'accuracy', number_value: 0.9 },
        b: { type: 'Model', name: 'model', uri: 's3://bucket/model' },
        n: { type: 'Metric', name: 'loss', number_value: 'NaN' },
      },
    );
    expect(await artifactApi(kfp).read('the run')).to.deep.equal({
      metrics: [
        { name: 'accuracy', value: 0.9, step: 'train' },
        { name: 'loss', value: NaN, step: 'train' },
      ],
      artifacts: [{ type: 'Model', name: 'model', uri: 's3://bucket/model' }],
      unread: 0,
    });
    expect(calls.map(({ path, query }) => [path, query?.run_ids, query?.page_token])).to.deep.equal([
      ['/artifact_tasks', 'the run', undefined],
      ['/artifact_tasks', 'the run', '1'],
      ['/artifacts/a', undefined, undefined],
      ['/artifacts/b', undefined, undefined],
      ['/artifacts/n', undefined, undefined],
    ]);
  });

  it('reads 100 artifacts, and counts the others', async () => {
    const ids = Array.from({ length: 150 }, (_, i) => `a${i}`);
    const artifacts = Object.fromEntries(ids.map((id) => [id, { type: 'Dataset', name: id }]));
    const { kfp } = client([ids.map((id) => relation(id, 'OUTPUT'))], artifacts);
    const outputs = await artifactApi(kfp).read('r');
    expect(outputs.artifacts.map(({ name }) => name)).to.deep.equal(ids.slice(0, 100));
    expect(outputs.unread).to.equal(50);
  });

  it('puts no id into an address as it is', async () => {
    const { kfp, calls } = client([[relation('../runs?a=b', 'OUTPUT')]], {});
    await artifactApi(kfp).read('r');
    expect(calls.at(-1)?.path).to.equal('/artifacts/..%2Fruns%3Fa%3Db');
  });

  it('fails where Kubeflow Pipelines has no such API', async () => {
    const refusal = new KfpRefusal('http://kfp', 404, { problem: 'it refuses with 404', nextStep: 'Look.' });
    const kfp: KfpClient = { call: () => Promise.reject(refusal) };
    expect(await failure(artifactApi(kfp).read('r'), KfpRefusal)).to.equal(refusal);
  });
});
