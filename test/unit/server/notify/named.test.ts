import { expect } from 'chai';
import { pino } from 'pino';

import { Semaphore } from '../../../../common/semaphore.js';
import { ConfigError, ServiceError } from '../../../../schema/index.js';
import { namedChannels } from '../../../../server/notify/named.js';
import type { Origin } from '../../../../server/ports.js';
import { FakeClock } from '../../../fixtures/fake-clock.js';

const REF = { repository: { id: 1, owner: 'acme', name: 'iris' }, number: 17 };
const NEVER = new AbortController().signal;
const DOWN = new ServiceError('git', 'github.com', 'it does not answer', 'wait');

describe('server/notify/named', () => {
  let clock: FakeClock;
  let asked: string[];
  beforeEach(() => {
    clock = new FakeClock(0);
    asked = [];
  });

  /** @param read - what config.yaml says, or the error in its place, for each time that it is read */
  function named(
    read: (() => object)[],
    base = 'main',
    origin: Origin = REF,
  ): Promise<readonly string[] | undefined> {
    const pullRequest = { ...REF, defaultBranch: 'trunk', base: { branch: base, commit: 'base' } };
    const options = {
      github: {
        pullRequests: { read: () => Promise.resolve(pullRequest) },
        defaultBranch: () => Promise.resolve('trunk'),
        branchTip: (_: object, branch: string) => Promise.resolve(`tip of ${branch}`),
      },
      planner: {
        do: (name: string, { commit }: { commit: string }) => {
          asked.push(`${name} ${commit}`);
          return new Promise((resolve) => {
            resolve((asked.length <= read.length ? read[asked.length - 1]! : read.at(-1)!)());
          });
        },
      },
      log: pino({ level: 'silent' }),
      clock,
      reading: new Semaphore(1),
    };
    return clock.until(namedChannels(options as never, origin, NEVER));
  }

  const fail = (error: Error) => (): object => {
    throw error;
  };

  it('are those of the default branch, whatever the base branch is', async () => {
    expect(await named([() => ({ channels: ['a'] })], 'own')).to.deep.equal(['a']);
    expect(asked).to.deep.equal(['notify tip of trunk']);
  });

  it('are none for a pull request into another branch', async () => {
    const config = () => ({ channels: ['a'], branches: ['main', 'release/*'] });
    expect(await named([config], 'main')).to.deep.equal(['a']);
    expect(await named([config], 'release/1')).to.deep.equal(['a']);
    expect(await named([config], 'other')).to.deep.equal([]);
  });

  it('are those of the default branch for a push, where the branch is wanted', async () => {
    const pushed = (name: string): Origin => ({
      repository: REF.repository,
      commit: 'c',
      ref: { kind: 'branch', name },
    });
    const config = () => ({ channels: ['a'], branches: ['main'] });
    expect(await named([config], 'main', pushed('main'))).to.deep.equal(['a']);
    expect(await named([config], 'main', pushed('other'))).to.deep.equal([]);
    expect(asked).to.deep.equal(['notify tip of trunk', 'notify tip of trunk']);
  });

  it('are read again for an hour while git or GitHub fails', async () => {
    expect(await named([fail(DOWN), fail(DOWN), () => ({ channels: ['a'] })])).to.deep.equal(['a']);
    expect(asked).to.have.length(3);
    const start = clock.now();
    expect(await named([fail(DOWN)])).to.equal(undefined);
    expect(clock.now() - start).to.be.within(60 * 60_000, 70 * 60_000);
  });

  it('are unknown at once where config.yaml has errors', async () => {
    expect(await named([fail(new ConfigError([]))])).to.equal(undefined);
    expect(asked).to.have.length(1);
  });
});
