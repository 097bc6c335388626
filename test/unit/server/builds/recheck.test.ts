import { expect } from 'chai';

import type { Workflow } from '../../../../generator/workflow/types.js';
import type { AuthorisedCommand } from '../../../../server/builds/authorised-command.js';
import { recheckingRunner } from '../../../../server/builds/recheck.js';
import { ended } from '../../../../server/comment/ended.js';
import type { BuildState } from '../../../../server/ports.js';
import type { ServerContext } from '../../../../server/context.js';
import { build, stateOf } from '../../../support/conversation.js';

describe('server/guard', () => {
  /** What becomes of a submission, with the record as another replica left it. */
  async function submitWith(
    recorded: BuildState,
    pulled: 'open' | 'closed' | 'gone' = 'open',
    isThere = true,
    isRefused = false,
  ): Promise<string> {
    const record = build(recorded, []);
    const [id] = record.request.commentIds;
    const state = isRefused ? ended(stateOf(record), [id!], 'refusal') : stateOf(record);
    const pull = pulled === 'gone' ? undefined : { open: pulled === 'open' };
    const world = {
      github: {
        pullRequests: {
          comment: () => Promise.resolve(isThere ? { id } : undefined),
          read: () => Promise.resolve(pull),
        },
      },
      conversations: { read: () => Promise.resolve({ state }) },
      runner: { submit: () => Promise.resolve({ name: 'submitted' }) },
    } as unknown as ServerContext;
    const taken = { pullRequest: { repository: {} }, comments: [{ id }] } as unknown as AuthorisedCommand;
    const runner = recheckingRunner(world, taken, { signal: new AbortController().signal });
    return runner.submit({} as Workflow).then(
      ({ name }) => name,
      (error: unknown) => (error as Error).name,
    );
  }

  it('submits what is asked for, and not yet told to have ended', async () => {
    expect(await submitWith('accepted')).to.equal('submitted');
  });

  it('threat 51: submits nothing for a command that another replica ended', async () => {
    for (const ended of ['failed', 'refused', 'stopped'] as const)
      expect(await submitWith(ended), ended).to.equal('HandledElsewhere');
  });

  it('threat 51: submits nothing for a command that another replica refused', async () => {
    expect(await submitWith('accepted', 'open', true, true)).to.equal('HandledElsewhere');
  });

  it('threat 51: looks for another replica’s end last, when nothing slow comes between it and the submission', async () => {
    const record = build('accepted', []);
    const [id] = record.request.commentIds;
    let state = stateOf(record);
    const world = {
      github: {
        pullRequests: {
          comment: () => Promise.resolve({ id }),
          read: async () => {
            await Promise.resolve();
            state = stateOf({ ...record, state: 'failed' });
            return { open: true };
          },
        },
      },
      conversations: { read: () => Promise.resolve({ state }) },
      runner: { submit: () => Promise.resolve({ name: 'submitted' }) },
    } as unknown as ServerContext;
    const taken = { pullRequest: { repository: {} }, comments: [{ id }] } as unknown as AuthorisedCommand;
    const runner = recheckingRunner(world, taken, { signal: new AbortController().signal });
    const thrown: unknown = await runner.submit({} as Workflow).catch((error: unknown) => error);
    expect(thrown).to.have.property('name', 'HandledElsewhere');
  });

  it('submits nothing once the comment is deleted, or the pull request closed', async () => {
    expect(await submitWith('accepted', 'closed')).to.equal('Withdrawn');
    expect(await submitWith('accepted', 'gone')).to.equal('Withdrawn');
    expect(await submitWith('accepted', 'open', false)).to.equal('Withdrawn');
  });
});
