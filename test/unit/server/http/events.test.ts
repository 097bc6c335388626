import { expect } from 'chai';
import fc from 'fast-check';

import { parseComment } from '../../../../server/commands/verb-table.js';
import { inboxEvent, isRelevant } from '../../../../server/http/events.js';
import { commentPayload, examplesOf, type Payload } from '../../../support/webhook.js';

const ALL = [
  'issue_comment',
  'pull_request',
  'issues',
  'push',
  'pull_request_review_comment',
  'ping',
  'check_run',
];

describe('inboxEvent', () => {
  it('reads a new comment on a pull request', () => {
    expect(inboxEvent('issue_comment', commentPayload('please\r\n/build --force'))).to.deep.equal({
      kind: 'comment',
      placed: {
        pullRequest: {
          repository: { id: 186853002, owner: 'Codertocat', name: 'Hello-World' },
          number: 1,
        },
        comment: {
          id: 492700400,
          body: 'please\r\n/build --force',
          author: { login: 'Codertocat', id: 21031067, bot: false },
          createdAt: new Date('2019-05-15T15:20:21Z'),
          edited: false,
          url: 'https://github.com/Codertocat/Hello-World/issues/1#issuecomment-492700400',
        },
      },
    });
  });

  it('tells a comment of a bot, and one that was edited before it came', () => {
    const payload = commentPayload('/build');
    payload.comment.user = { login: 'kfops[bot]', id: 41898282, type: 'Bot' };
    payload.comment.updated_at = '2019-05-15T15:21:00Z';
    const event = inboxEvent('issue_comment', payload);
    expect(event).to.have.nested.property('placed.comment.edited', true);
    expect(event).to.have.nested.property('placed.comment.author.bot', true);
  });

  it('reads the end of a pull request, and a push to it', () => {
    const pullRequest = {
      repository: { id: 186853002, owner: 'Codertocat', name: 'Hello-World' },
      number: 2,
    };
    const closed = examplesOf('pull_request', 'closed')[0]!;
    expect(inboxEvent('pull_request', closed)).to.deep.equal({ kind: 'closed', pullRequest });
    const pushed = examplesOf('pull_request', 'synchronize')[0]!;
    const commit = pushed.pull_request.head.sha;
    expect(commit).to.match(/^[0-9a-f]{40}$/);
    const sender = { login: 'Codertocat', id: 21031067, bot: false };
    const at = new Date(pushed.pull_request.updated_at);
    expect(inboxEvent('pull_request', pushed)).to.deep.equal({
      kind: 'pushed',
      pullRequest,
      commit,
      sender,
      at,
    });
    for (const action of ['opened', 'reopened', 'ready_for_review']) {
      const offered = examplesOf('pull_request', action)[0]!;
      expect(inboxEvent('pull_request', offered), action).to.include({ kind: 'offered' });
    }
    const unlabeled = examplesOf('pull_request', 'unlabeled')[0]!;
    expect(inboxEvent('pull_request', unlabeled)).to.equal(undefined);
    const freed = { ...unlabeled, label: { ...unlabeled.label, name: 'kfops/hold' } };
    expect(inboxEvent('pull_request', freed)).to.include({ kind: 'offered' });
    expect(inboxEvent('pull_request', { ...freed, action: 'labeled' })).to.equal(undefined);
  });

  it('means nothing by every other example of GitHub', () => {
    const meaning = ALL.flatMap((event) =>
      examplesOf(event).flatMap((payload) => {
        const kind = inboxEvent(event, payload)?.kind;
        return kind ? [`${event} ${payload.action}: ${kind}`] : [];
      }),
    );
    expect([...new Set(meaning)]).to.have.members([
      'pull_request closed: closed',
      'pull_request synchronize: pushed',
      'pull_request opened: offered',
      'pull_request ready_for_review: offered',
      'pull_request reopened: offered',
      'push undefined: push',
    ]);
    expect(ALL.filter(isRelevant)).to.deep.equal(['issue_comment', 'pull_request', 'push']);
  });

  it('passes over comments on issues, and comments without a line that begins with a slash', () => {
    const onIssue = commentPayload('/build');
    delete onIssue.issue.pull_request;
    expect(inboxEvent('issue_comment', onIssue)).to.equal(undefined);
    for (const body of ['', 'fine', 'see a/b', 'https://example.com/build']) {
      expect(inboxEvent('issue_comment', commentPayload(body)), body).to.equal(undefined);
    }
    for (const body of [
      '/build',
      '  /build',
      'a\n/build',
      'a\r\n\t/build',
      'a\r/build',
      '> /build',
      '- 1. /build',
      '\u200b／build',
    ]) {
      expect(inboxEvent('issue_comment', commentPayload(body)), JSON.stringify(body)).to.have.property(
        'kind',
      );
    }
  });

  it('lets through every comment in which a line looks like a command', () => {
    const part = fc.constantFrom(
      '/build',
      '／build',
      'x',
      ' ',
      '\t',
      '\u3000',
      '\u200b',
      '\ufeff',
      '\u2028',
      '\n',
      '\r',
    );
    const marker = fc.constantFrom('- ', '> ', '>', '12) ', '```\n', '<!--\n', '    ');
    fc.assert(
      fc.property(fc.array(fc.oneof(part, marker), { minLength: 1, maxLength: 8 }), (parts) => {
        const body = parts.join('');
        const isSomething = Object.keys(parseComment(body)).length > 0;
        if (isSomething)
          expect(inboxEvent('issue_comment', commentPayload(body)), body).to.have.property('kind');
      }),
      { numRuns: 2000 },
    );
  });

  it('passes over a comment that is longer than GitHub takes', () => {
    const most = `/build\n${'x'.repeat(65_536 - 7)}`;
    expect(inboxEvent('issue_comment', commentPayload(most))).to.have.property('kind');
    expect(inboxEvent('issue_comment', commentPayload(`${most}x`))).to.equal(undefined);
  });

  it('finds the slash in a long comment without going over it again and again', function () {
    this.timeout(5000);
    for (const piece of [
      '\n',
      ' ',
      ' \n',
      '\t',
      '/ '.repeat(3),
      '\r',
      '- ',
      '>',
      '1',
      '1.',
      '\u2028',
      '\u00ad',
    ]) {
      const body = `x${piece.repeat(65_535 / piece.length)}`;
      expect(inboxEvent('issue_comment', commentPayload(body)), JSON.stringify(piece)).to.equal(undefined);
    }
  });
});

describe("threat 5: another event's name in the header", () => {
  it('a payload under the name of another event means nothing', () => {
    for (const name of ['issue_comment', 'pull_request']) {
      for (const event of ALL.filter((event) => event !== name)) {
        for (const payload of examplesOf(event)) {
          expect(inboxEvent(name, payload), `${event} as ${name}`).to.equal(undefined);
        }
      }
    }
    expect(inboxEvent('pull_request', commentPayload('/build'))).to.equal(undefined);
    expect(inboxEvent('issues', commentPayload('/build'))).to.equal(undefined);
    expect(inboxEvent('Issue_comment', commentPayload('/build'))).to.equal(undefined);
  });

  it('any other JSON means nothing, and never throws', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('issue_comment', 'pull_request', '__proto__'),
        fc.jsonValue(),
        (event, payload) => {
          expect(inboxEvent(event, payload)).to.equal(undefined);
        },
      ),
    );
  });

  it('a pull request that another event brings means nothing, nor does one without a number', () => {
    const [payload] = examplesOf('pull_request', 'closed');
    expect(inboxEvent('pull_request', payload)).to.have.property('kind', 'closed');
    expect(inboxEvent('pull_request_review', payload)).to.equal(undefined);
    set(payload!, 'number', 0);
    set(payload!, 'pull_request.number', 0);
    expect(inboxEvent('pull_request', payload)).to.equal(undefined);
  });

  it('takes any name that GitHub has, and the address of a GitHub of one’s own', () => {
    for (const [path, value] of [
      ['repository.name', '.github'],
      ['repository.name', '..x'],
      ['comment.html_url', 'http://github.example/x'],
    ] as const) {
      const payload = commentPayload('/build');
      set(payload, path, value);
      expect(inboxEvent('issue_comment', payload), value).to.have.property('kind', 'comment');
    }
  });

  it('a payload with one field of another kind means nothing', () => {
    const fields: [string, unknown[]][] = [
      ['action', [undefined, null, 'Created', ['created']]],
      ['issue', [undefined, null, [], 'x']],
      ['issue.number', [0, -1, 1.5, '1', null, 2 ** 53]],
      ['issue.pull_request', [null, true, 'x', []]],
      ['comment', [undefined, null, []]],
      ['comment.id', ['492700400', 0, null]],
      ['comment.body', [null, 1, { length: 1 }, ['/build']]],
      ['comment.user', [null, undefined, 'Codertocat']],
      ['comment.user.login', ['a/b', '', '../x', 'a b', 'x[bot]y', 1, 'ü']],
      ['comment.user.id', ['1', null]],
      ['comment.created_at', [undefined, 1, 'yesterday']],
      ['comment.html_url', [undefined, 'javascript:alert("https://x")', 1, ['https://github.com/x']]],
      ['repository', [undefined, null, 'o/r']],
      ['repository.id', ['1', 0]],
      ['repository.name', ['..', '.', 'a/b', '', 'a b', null, 'a\n']],
      ['repository.owner.login', ['a/b', '..', '', null, '-x', 'a\n']],
    ];
    for (const [path, values] of fields) {
      for (const value of values) {
        const payload = commentPayload('/build');
        set(payload, path, value);
        expect(inboxEvent('issue_comment', payload), `${path} ${JSON.stringify(value)}`).to.equal(undefined);
      }
    }
    const pushes: [string, unknown[]][] = [
      ['number', [3, '2', undefined]],
      ['pull_request', [null, []]],
      ['pull_request.head', [null, 'x']],
      [
        'pull_request.head.sha',
        ['ec26c3e', 'g'.repeat(40), 'a'.repeat(41), `${'a'.repeat(40)}\n`, ['a'.repeat(40)], null],
      ],
    ];
    for (const [path, values] of pushes) {
      for (const value of values) {
        const payload = examplesOf('pull_request', 'synchronize')[0]!;
        set(payload, path, value);
        expect(inboxEvent('pull_request', payload), `${path} ${JSON.stringify(value)}`).to.equal(undefined);
      }
    }
  });
});

describe('threat 8: comments that are edited', () => {
  it('only a new comment is read', () => {
    for (const action of ['edited', 'deleted', 'pinned', '', 'created ']) {
      expect(inboxEvent('issue_comment', { ...commentPayload('/build'), action }), action).to.equal(
        undefined,
      );
    }
  });
});

type Fields = Record<string, unknown>;

function set(payload: Payload, path: string, value: unknown): void {
  const keys = path.split('.');
  const last = keys.pop()!;
  const parent = keys.reduce<Fields>((at, key) => at[key] as Fields, payload as unknown as Fields);
  parent[last] = value;
}
