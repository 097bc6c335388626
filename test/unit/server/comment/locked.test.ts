import { expect } from 'chai';

import { answerByCheck, wasHandled } from '../../../../server/comment/locked.js';
import { NOTHING_YET, type Reply } from '../../../../server/comment/state.js';
import type { ServerContext } from '../../../../server/context.js';
import { GitHubError } from '../../../../server/github/errors.js';
import type { CheckReport } from '../../../../server/ports.js';
import { build } from '../../../support/conversation.js';
import { HEAD, pullRequest } from '../facts.js';

const REPLY: Reply = { commentId: 5, by: 'ann', kind: 'refusal', command: '/cancel', markdown: 'Not now.' };
const LOCKED = pullRequest({ locked: true });

function refused(trouble: GitHubError['trouble']): GitHubError {
  return new GitHubError('https://api.github.com', 'refused', 'give rights', { status: 403, trouble });
}

describe('server/locked', () => {
  let reports: CheckReport[];
  let latest: { build: number; answer: number };
  let error: Error | undefined;
  let warnings: string[];
  let world: Pick<ServerContext, 'github'>;
  const log = { warn: (_: unknown, text: string) => warnings.push(text) } as never;

  beforeEach(() => {
    [reports, warnings, error] = [[], [], undefined];
    latest = { build: 0, answer: 0 };
    const checks = {
      report: (_: unknown, report: CheckReport) => {
        if (error) return Promise.reject(error);
        reports.push(report);
        return Promise.resolve();
      },
      latest: (_: unknown, commit: string, kind: 'build' | 'answer' = 'build') =>
        error ? Promise.reject(error) : Promise.resolve(commit === HEAD ? latest[kind] : 0),
    };
    world = { github: { checks } } as unknown as Pick<ServerContext, 'github'>;
  });

  it('answers in a neutral check of the head that is not a build’s', async () => {
    await answerByCheck(world.github, LOCKED, REPLY, log);
    const [report] = reports;
    expect(report).to.include({ kind: 'answer', commit: HEAD, externalId: '5', state: 'neutral' });
    expect(report?.title).to.equal('🚫 /cancel was refused');
    expect(report?.summary).to.include('Not now.').and.include('locked');
  });

  it('lets nobody mark a commit who may not command', async () => {
    await answerByCheck(world.github, LOCKED, { ...REPLY, stranger: true }, log);
    expect(reports).to.deep.equal([]);
  });

  it('says in the log that nobody was reached where the check is refused, too; other trouble is thrown', async () => {
    error = refused('refused');
    await answerByCheck(world.github, LOCKED, REPLY, log);
    expect(warnings).to.have.length(1);
    error = refused('unavailable');
    const thrown = await answerByCheck(world.github, LOCKED, REPLY, log).catch((caught: unknown) => caught);
    expect(thrown).to.equal(error);
  });

  it('knows what was handled by the comment and by the checks, the later commands included', async () => {
    const handled = (id: number, state = NOTHING_YET, pull = LOCKED) =>
      wasHandled(world.github, pull, state, id);
    expect(await handled(5)).to.equal(false);
    expect(await handled(5, { ...NOTHING_YET, reply: REPLY })).to.equal(true);
    expect(await handled(6, { ...NOTHING_YET, reply: REPLY })).to.equal(false);
    // Its own record may be of a start that did not end.
    const builds = [build('accepted', [])];
    expect(await handled(1, { ...NOTHING_YET, builds })).to.equal(false);
    expect(await handled(0, { ...NOTHING_YET, builds })).to.equal(true);
    latest = { build: 8, answer: 5 };
    expect(await handled(8)).to.equal(true);
    expect(await handled(9)).to.equal(false);
    // Unlocked, builds have reactions; only the answers of the time before count.
    expect(await handled(8, NOTHING_YET, pullRequest())).to.equal(false);
    expect(await handled(5, NOTHING_YET, pullRequest())).to.equal(true);
    error = refused('refused');
    expect(await handled(5)).to.equal(false);
  });
});
