import { expect } from 'chai';

import { waitForRollout, type Rollout } from '../../../../argo/objects/rollout.js';
import type { Clock } from '../../../../common/clock.js';
import { fakeApi, json } from '../fake-api.js';

const READY = { observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 2 };

/** Answers with one status after the other, the last one again and again; each pause is ten seconds. */
async function wait(
  statuses: readonly object[],
  pods: readonly object[] = [],
): Promise<{ rollout: Rollout; asked: number }> {
  let asked = 0;
  const api = await fakeApi(({ url = '' }, response) => {
    if (url.startsWith('/api/v1/namespaces/chat/pods')) json(response, 200, { items: pods });
    else {
      const status = statuses[Math.min(asked++, statuses.length - 1)];
      json(response, 200, {
        metadata: { name: 'kfops-server', generation: 2 },
        spec: { replicas: 2 },
        status,
      });
    }
  });
  let now = 0;
  const clock: Clock = {
    now: () => now,
    wait: () => {
      now += 10_000;
      return Promise.resolve();
    },
  };
  const { signal } = new AbortController();
  try {
    const options = { signal, timeoutMs: 60_000, clock };
    return { rollout: await waitForRollout(api.client, 'chat', 'kfops-server', options), asked };
  } finally {
    await api.close();
  }
}

describe('a rollout', () => {
  it('ends when all pods are new and available', async () => {
    expect(
      await wait([
        {},
        { ...READY, observedGeneration: 1 },
        { ...READY, updatedReplicas: 1 },
        { ...READY, replicas: 3 },
        { ...READY, availableReplicas: 1 },
        READY,
      ]),
    ).to.deep.equal({ rollout: { state: 'ready', replicas: 2 }, asked: 6 });
  });

  for (const [what, pods, why] of [
    [
      'an image that cannot be pulled',
      [waiting('ImagePullBackOff', 'Back-off pulling')],
      'ImagePullBackOff (Back-off pulling)',
    ],
    [
      'a pod without a node',
      [{ status: { conditions: [{ type: 'PodScheduled', status: 'False', message: '0/1 nodes' }] } }],
      'not scheduled (0/1 nodes)',
    ],
    ['no pods', [], 'it has no pods'],
    ['pods that run', [{ status: {} }], 'its pods run and are not ready'],
  ] as const)
    it(`that takes too long names ${what}`, async () => {
      expect((await wait([{}], pods)).rollout).to.deep.equal({ state: 'late', why });
    });
});

function waiting(reason: string, message: string): object {
  return { status: { containerStatuses: [{ state: { waiting: { reason, message } } }] } };
}
