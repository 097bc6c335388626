import { expect } from 'chai';

import type { WorkflowResult } from '../../../../generator/results/result.js';
import type { ServerContext } from '../../../../server/context.js';
import { planHere } from '../../../../server/planning/planner.js';
import { locateInstructions } from '../../../../server/reporter/locate.js';
import { createLog } from '../../../../server/telemetry/log.js';
import type { RemoteSource } from '../../../../sources/remote/index.js';

const LOG = createLog({ level: 'error', to: { write: () => true } });
const AT = { repository: { id: 1, owner: 'me', name: 'iris' }, commit: 'c'.repeat(40) };
const { signal } = new AbortController();

const RESULT: WorkflowResult = {
  name: 'w',
  phase: 'failed',
  images: [
    {
      name: 'trainer',
      repository: 'r.example/trainer',
      state: 'failed',
      attempts: 1,
      failure: {
        kind: 'dockerfile_step',
        reason: 'RUN make failed',
        nextStep: 'read its last lines',
        instruction: { file: 'images/trainer/Dockerfile', text: 'RUN make' },
      },
    },
  ],
};

describe('server/locate', () => {
  let disposed = 0;
  const dispose = (): Promise<void> => {
    disposed++;
    return Promise.resolve();
  };
  const openCommit = (
    text: (path: string) => Promise<string | undefined>,
  ): Pick<ServerContext, 'planner'> => ({
    planner: planHere({
      openCommit: () => Promise.resolve({ text, dispose } as unknown as RemoteSource),
      openStore: () => Promise.reject(new Error('nothing is stored')),
      readOutput: () => Promise.reject(new Error('nothing is read')),
      openRegistries: () => ({ find: () => Promise.reject(new Error('nothing is looked up')) }),
    }),
  });

  it('finds the line of the instruction that failed in the commit', async () => {
    const world = openCommit((path) =>
      Promise.resolve(path === 'images/trainer/Dockerfile' ? 'FROM scratch\nRUN make\n' : undefined),
    );
    const { images } = await locateInstructions(world, RESULT, AT, LOG, signal);
    expect(images[0]?.failure?.location).to.deep.equal({ file: 'images/trainer/Dockerfile', line: 2 });
    expect(disposed).to.equal(1);
  });

  it('leaves the result as it is where the commit cannot be read', async () => {
    const world = openCommit(() => Promise.reject(new Error('gone')));
    expect(await locateInstructions(world, RESULT, AT, LOG, signal)).to.deep.equal(RESULT);
    expect(disposed).to.equal(2);
  });
});
