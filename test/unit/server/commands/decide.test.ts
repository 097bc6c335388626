import { expect } from 'chai';

import type { CommandComment } from '../../../../server/commands/command-comment.js';
import { decideComments, type ScreenedComment, type Verdicts } from '../../../../server/commands/decide.js';
import type { ParsedComment } from '../../../../server/commands/parse/parse.js';
import { parseComment } from '../../../../server/commands/verb-table.js';
import { ended } from '../../../../server/comment/ended.js';
import { pickedUp } from '../../../../server/comment/pick-ups.js';
import type { ConversationState } from '../../../../server/comment/state.js';
import { accepted, changeBuild, joined, replied } from '../../../../server/comment/transitions.js';
import type { Permission } from '../../../../server/ports.js';
import { request } from '../../../support/conversation.js';
import { CommandServer, commentOf, identityOf, WRITTEN } from '../command-server.js';
import { ANN, HEAD, ME, pullRequest, REPOSITORY } from '../facts.js';

const OTHER = 'b'.repeat(40);

describe('server/commands/decide', () => {
  let server: CommandServer;
  beforeEach(async () => {
    server = await CommandServer.open();
  });
  afterEach(() => server.close());

  interface Written {
    readonly id?: number;
    readonly permission?: Permission | 'unknown';
    /** The head when it arrived. */
    readonly head?: string;
    readonly found?: true;
  }

  function comment({ id = 9, permission = 'write', head, found }: Written): ScreenedComment {
    const placed = { pullRequest: { repository: REPOSITORY, number: 17 }, comment: commentOf(id) };
    const repositories = ['my-team/iris'];
    return {
      placed,
      log: server.work.log,
      ...(head !== undefined && { head: Promise.resolve(head) }),
      ...(found && { found }),
      facts: { repositories, repository: REPOSITORY, author: ANN, me: ME, edited: false, permission },
    };
  }

  function decide(body: string, ...written: readonly Written[]): Promise<Verdicts> {
    const ref = { repository: REPOSITORY, number: 17 };
    const situation = { ref, pullRequest: server.pullRequest, conversation: server.state };
    const parsed: ParsedComment = parseComment(body);
    return decideComments(server.context, situation, parsed, written.map(comment), server.work);
  }

  /** What became of each comment, in a word or two. */
  async function outcome(written: Written = {}, body = '/build'): Promise<string> {
    const { allowed, refused, ignored, postponed } = await decide(body, written);
    const about = (reason: string): string => /closed|moved/.exec(reason)?.[0] ?? '';
    const told = [
      ...allowed.map(
        ({ commit }) => `allowed: ${commit === HEAD ? 'head' : commit === OTHER ? 'other' : commit}`,
      ),
      ...refused.map(({ reason, isStranger }) => `refused ${isStranger ? 'stranger' : about(reason)}`),
      ...ignored.map(({ reaction }) => `ignored ${reaction ?? ''}`),
      ...postponed.map(() => 'postponed'),
    ];
    expect(told).to.have.length(1);
    return told[0]!.trim();
  }

  const started = (state: ConversationState): ConversationState => pickedUp(state, [9], HEAD, 1);
  const built = (state: ConversationState): ConversationState =>
    accepted(state, request(9, { commit: HEAD }));
  const failed = (state: ConversationState): ConversationState =>
    changeBuild(state, request(9, { commit: HEAD }), (build) => ({ ...build, state: 'failed' }));
  const reply = (kind: 'answer' | 'refusal') => (state: ConversationState) =>
    replied(state, { commentId: 9, by: 'ann', kind, markdown: 'x' });

  describe('decides on a command', () => {
    interface Case extends Written {
      readonly body?: string;
      readonly state?: (state: ConversationState) => ConversationState;
      /** There is a workflow of this comment. */
      readonly workflow?: true;
      readonly closed?: true;
      readonly locked?: true;
      readonly gone?: true;
      readonly headSince?: Date | undefined;
      readonly answeredByCheck?: number;
      readonly expected: string;
    }
    const CASES: Readonly<Record<string, Case>> = {
      'of somebody who may write': { expected: 'allowed: head' },
      'of a stranger': { permission: 'read', expected: 'refused stranger' },
      'on a pull request that is gone': { gone: true, expected: 'ignored' },
      'on a closed pull request': { closed: true, expected: 'refused closed' },
      'that cannot be read': { body: '/build --wrong', expected: 'refused' },

      // What was answered before.
      'that was answered': { state: reply('answer'), expected: 'ignored rocket' },
      'that was refused': { state: reply('refusal'), expected: 'ignored -1' },
      'that another replica refused': {
        state: (state) => ended(state, [9], 'refusal'),
        expected: 'ignored -1',
      },
      'that another replica answered, and a later one since': {
        state: (state) => ended(state, [9, 10], 'answer'),
        expected: 'ignored rocket',
      },
      'whose build ended before it had a workflow': { state: failed, expected: 'ignored -1' },
      'whose build is reported as failed, with a workflow of another replica': {
        state: failed,
        workflow: true,
        expected: 'allowed: head',
      },
      'that was answered by a check, when it is found again': {
        found: true,
        answeredByCheck: 9,
        expected: 'ignored',
      },
      'that was answered by a check, when GitHub delivers it': {
        answeredByCheck: 9,
        expected: 'allowed: head',
      },
      'before one that was answered by a check, when it is found again': {
        found: true,
        answeredByCheck: 8,
        expected: 'allowed: head',
      },

      // An unknown permission: postponed only if it would be refused, another replica started it, and no workflow is made.
      'with an unknown permission': { permission: 'unknown', expected: 'refused stranger' },
      'with an unknown permission, started elsewhere': {
        permission: 'unknown',
        state: started,
        expected: 'postponed',
      },
      'with an unknown permission, recorded elsewhere as a build': {
        permission: 'unknown',
        state: built,
        expected: 'postponed',
      },
      'with an unknown permission, whose workflow is made': {
        permission: 'unknown',
        state: built,
        workflow: true,
        expected: 'allowed: head',
      },
      'with an unknown permission, with a workflow but no record': {
        permission: 'unknown',
        workflow: true,
        expected: 'refused stranger',
      },
      'with an unknown permission, refused elsewhere': {
        permission: 'unknown',
        state: (state) => ended(state, [9], 'refusal'),
        expected: 'ignored -1',
      },
      'of a stranger, started elsewhere': {
        permission: 'read',
        state: started,
        expected: 'refused stranger',
      },
      'of somebody who may write, started elsewhere': { state: started, expected: 'allowed: head' },

      // A workflow that is made goes on, whatever came after.
      'on a closed pull request, whose workflow is made': {
        closed: true,
        state: built,
        workflow: true,
        expected: 'allowed: head',
      },
      'on a closed pull request, with a workflow but no record': {
        closed: true,
        workflow: true,
        expected: 'allowed: head',
      },
      'written before the head was pushed, with a workflow but no record': {
        headSince: new Date(WRITTEN.getTime() + 1),
        workflow: true,
        expected: 'allowed: other',
      },
      'on a closed pull request, recorded without a workflow': {
        closed: true,
        state: built,
        expected: 'refused closed',
      },

      // Which commit is meant.
      'that arrived with another head': { head: OTHER, expected: 'allowed: other' },
      'that was recorded with another commit, whatever the head was': {
        state: (state) => pickedUp(state, [9], OTHER, 1),
        head: HEAD,
        expected: 'allowed: other',
      },
      'written before the head was pushed': {
        headSince: new Date(WRITTEN.getTime() + 1),
        expected: 'refused moved',
      },
      'written in the second of the push': { headSince: WRITTEN, expected: 'refused moved' },
      'of a head that GitHub gives no time for': { headSince: undefined, expected: 'refused moved' },
      'that reads no files, of a head without a time': {
        headSince: undefined,
        body: '/status',
        expected: 'allowed: head',
      },
      'that reads no files, found again in a locked conversation': {
        headSince: undefined,
        body: '/status',
        found: true,
        locked: true,
        expected: 'refused moved',
      },
    };
    for (const [what, { body, expected, ...given }] of Object.entries(CASES)) {
      it(`${what}: ${expected}`, async () => {
        if (given.closed) server.pullRequest = pullRequest({ open: false });
        if (given.locked) server.pullRequest = pullRequest({ locked: true });
        if (given.gone) server.pullRequest = undefined;
        if ('headSince' in given) server.headSince = given.headSince;
        if (given.workflow) server.has({ of: identityOf({ commit: OTHER }), comments: [9] });
        server.answeredByCheck = given.answeredByCheck ?? 0;
        server.state = given.state?.(server.state) ?? server.state;
        expect(await outcome(given, body)).to.equal(expected);
        // A decision changes nothing.
        expect(server.steps).to.deep.equal([]);
      });
    }
  });

  describe('groups comments with the same command', () => {
    const idsOf = (group: readonly CommandComment[]): number[] =>
      group.map(({ placed }) => placed.comment.id);

    it('that mean the same commit', async () => {
      const { allowed } = await decide('/build', { id: 8 }, { id: 9, head: OTHER }, { id: 10 });
      const found = allowed.map(({ commit, group }) => [commit, idsOf(group)]);
      expect(found).to.deep.equal([
        [HEAD, [8, 10]],
        [OTHER, [9]],
      ]);
    });

    it('that were started equally often', async () => {
      server.state = pickedUp(server.state, [8], HEAD, 2);
      const { allowed } = await decide('/build', { id: 8 }, { id: 9 });
      const found = allowed.map(({ starts, group }) => [starts, idsOf(group)]);
      expect(found).to.deep.equal([
        [2, [8]],
        [0, [9]],
      ]);
    });

    it('that were recorded together', async () => {
      const first = request(8, { commit: HEAD });
      server.state = joined(accepted(server.state, first), first, { commentId: 10, login: 'bob' });
      const { allowed } = await decide('/build', { id: 8 }, { id: 9, head: HEAD }, { id: 10 });
      expect(allowed.map(({ group }) => idsOf(group))).to.deep.equal([[8, 10], [9]]);
    });

    it('that are refused for the same reason', async () => {
      const { refused, allowed } = await decide(
        '/build',
        { id: 8, permission: 'read' },
        { id: 9, permission: 'unknown' },
        { id: 10, permission: 'none' },
        { id: 11 },
      );
      expect(refused.map(({ group }) => idsOf(group))).to.deep.equal([[8, 10], [9]]);
      expect(allowed.map(({ group }) => idsOf(group))).to.deep.equal([[11]]);
    });
  });

  describe('marks a refusal that races with another replica', () => {
    const CASES: Readonly<Record<string, readonly [string, Written, boolean]>> = {
      'of a command without permission': ['/build', { permission: 'read' }, false],
      'of a command with an unknown permission': ['/build', { permission: 'unknown' }, true],
      'of a command of somebody who may write': ['/build', {}, true],
      'of a command that cannot be read': ['/build --wrong', {}, false],
    };
    for (const [what, [body, written, isContended]] of Object.entries(CASES)) {
      it(`${what}: ${isContended ? 'yes' : 'no'}`, async () => {
        server.headSince = undefined;
        const { refused } = await decide(body, written);
        expect(refused.map((each) => each.isContended)).to.deep.equal([isContended]);
      });
    }
  });
});
