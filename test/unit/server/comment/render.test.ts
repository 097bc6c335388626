import { expect } from 'chai';
import fc from 'fast-check';

import { checkReport } from '../../../../server/comment/check.js';
import { readMarker } from '../../../../server/comment/marker.js';
import { MAX_COMMENT, renderComment } from '../../../../server/comment/render.js';
import type { Build, ConversationState, StepRow } from '../../../../server/comment/state.js';
import { build, COMMIT, CONTEXT, request, row, stateOf } from '../../../support/conversation.js';

const TIMES = { startedAt: '2026-11-22T12:00:10.000Z', finishedAt: '2026-11-22T12:01:17.000Z' };
const DIGEST = `sha256:${'1a2b3c4d'.repeat(8)}`;

function bodyOf(state: ConversationState): string {
  return renderComment(state, CONTEXT).body;
}

function heading(state: Build['state'], rows: readonly StepRow[], more: Partial<Build> = {}): string {
  return /^### .*$/m.exec(bodyOf(stateOf(build(state, rows, more))))![0].slice(4);
}

function failed(name: string, tail: string, more: Partial<StepRow> = {}): StepRow {
  const failure = { kind: 'dockerfile_step', reason: '`RUN x` failed', nextStep: 'try `a | b`' } as const;
  return row(name, 'failed', { ...TIMES, failure, tail, ...more });
}

describe('server/comment/render', () => {
  const built = ['a', 'b', 'c'].map((name) => row(name, 'succeeded'));
  const steps = (...kinds: ('compile' | 'publish' | 'pin' | 'run')[]): StepRow[] =>
    kinds.map((kind) => row(kind, 'succeeded', { kind }));
  const headings: readonly (readonly [string, Build['state'], readonly StepRow[], Partial<Build>?])[] = [
    ['⏳ Getting build ready', 'accepted', []],
    ['⏳ Submitted; waiting for Argo', 'running', []],
    [
      '⏳ Queued: no step has started yet',
      'running',
      [row('a', 'pending'), row('compile', 'pending', { kind: 'compile' })],
    ],
    [
      '🔨 Building 5 images: 2 done, 1 failed',
      'running',
      [...built.slice(1), failed('x', ''), row('y', 'running'), row('z', 'pending')],
    ],
    ['🔨 Building trainer', 'running', [row('trainer', 'running')]],
    ['🔨 Compiling the pipeline', 'running', [...built, row('compile', 'running', { kind: 'compile' })]],
    [
      '🔨 Publishing the pipeline',
      'running',
      [...steps('compile'), row('publish', 'running', { kind: 'publish' })],
    ],
    [
      '🔨 Pinning the images in the pipeline',
      'running',
      [...steps('compile'), row('publish', 'running', { kind: 'pin' })],
    ],
    [
      '❌ The images could not be pinned in the pipeline',
      'failed',
      [...steps('compile'), row('publish', 'failed', { kind: 'pin' })],
    ],
    [
      '❌ The schedules could not be applied',
      'failed',
      [...steps('compile'), row('publish', 'failed', { kind: 'publish' })],
      { published: { version: 'v1', pinned: [], notPinned: [], warnings: [] } },
    ],
    ['✅ Built 3 images and compiled the pipeline', 'succeeded', [...built, ...steps('compile')]],
    [
      '✅ Built 3 images, and compiled and published the pipeline',
      'succeeded',
      [...built, ...steps('compile', 'publish')],
      { published: { version: 'v1', pinned: [], notPinned: [], warnings: [] } },
    ],
    // Without Kubeflow Pipelines the step pins the images, and no more.
    ['✅ Built 3 images and compiled the pipeline', 'succeeded', [...built, ...steps('compile', 'pin')]],
    ['✅ Built a', 'succeeded', [row('a', 'succeeded')]],
    ['✅ Ran the pipeline', 'succeeded', steps('run')],
    ['❌ trainer failed', 'failed', [...built, failed('trainer', 'x')]],
    ['❌ x and y failed', 'failed', [failed('x', ''), failed('y', ''), ...built]],
    ['❌ 3 of 6 images failed', 'failed', [...built, failed('x', ''), failed('y', ''), failed('z', '')]],
    ['❌ The pipeline did not compile', 'failed', [...built, row('compile', 'failed', { kind: 'compile' })]],
    ['⏹️ Superseded by a newer command', 'stopped', [row('a', 'stopped')], { superseded: true }],
    ['🚫 Not started: the repository’s files have errors', 'refused', [], { text: 'a\nb' }],
    [
      '🚫 Not started: the command sets a wrong argument',
      'refused',
      [],
      { text: '--set epohcs error OVERRIDE The pipeline has no parameter `epohcs`.' },
    ],
    ['❔ The workflow no longer exists; its outcome is unknown', 'unknown', []],
  ];
  for (const [expected, state, rows, more] of headings) {
    it(`says "${expected}"`, () => {
      expect(heading(state, rows, more)).to.equal(expected);
    });
  }

  it('shows steps, times, digests, logs, the failing line and the last lines', () => {
    const location = { file: 'images/a b/Dockerfile', line: 7 };
    const body = bodyOf(
      stateOf(
        build('failed', [
          row('server', 'succeeded', {
            ...TIMES,
            reference: `r.example/server@${DIGEST}`,
            logUrl: 'https://argo.example/l',
          }),
          failed('trainer', '1\n2', {
            failure: {
              kind: 'dockerfile_step',
              reason: '`RUN a | b` failed',
              nextStep: 'try `a | b`',
              location,
            },
          }),
        ]),
      ),
    );
    expect(body).to.include(
      '| **server** | ✅&nbsp;built | 1m&nbsp;07s | `sha256:1a2b3c4d1a2b` | [log](https://argo.example/l) |',
    );
    expect(body).to.include('| **trainer** | ❌&nbsp;failed | 1m&nbsp;07s | `RUN a \\| b` failed |');
    expect(body).to.include(`blob/${COMMIT}/images/a%20b/Dockerfile?plain=1#L7) → try \`a | b\``);
    expect(body).to.include('<summary>The last 2 lines of trainer</summary>\n\n```\n1\n2\n```\n\n</details>');
    expect(body).to.include(`r.example/server@${DIGEST}`);
  });

  it('shows what was done to the schedules', () => {
    const published = { version: 'v1', pinned: [], notPinned: [], warnings: [] };
    const body = (schedules: readonly string[] = []): string =>
      bodyOf(stateOf(build('succeeded', [], { published: { ...published, schedules } })));
    expect(body(['created `nightly`', 'removed `a|b` @octocat'])).to.include(
      '- 🗓️ Schedules: created `nightly`; removed `a|b` @\u200boctocat\n',
    );
    expect(body()).not.to.include('Schedules');
  });

  it('offers what can be asked for: to do again what failed, or all where nothing was begun', () => {
    const workflow = { name: 'wf' };
    expect(bodyOf(stateOf(build('failed', [failed('a', '')], { workflow })))).to.include(
      '`/retry` runs only what failed',
    );
    expect(bodyOf(stateOf(build('failed', [], { text: 'The store is away.' })))).to.include(
      '`/retry` tries it again',
    );
  });

  it('names who asked without calling them', () => {
    const by = ['octocat', '@evil/team', 'c', 'd', 'e'];
    const body = bodyOf(
      stateOf(build('running', [], { request: request(1, { by, commentIds: [1, 2, 3, 4, 5] }) })),
    );
    expect(body).to.include(
      '[octocat](https://github.com/acme/churn/pull/17#issuecomment-1), [@\u200bevil/team](',
    );
    expect(body).to.include(' and 2 more');
  });

  it('writes commands with the prefix of the settings', () => {
    const { body } = renderComment(stateOf(build('failed', [])), { ...CONTEXT, prefix: 'kfops' });
    expect(body).to.include('`/kfops build` at').and.to.include('`/kfops retry`');
  });

  it('earlier builds are a line each', () => {
    const earlier = build('succeeded', [], {
      request: request(1),
      summary: 'Built 3 images',
      finishedAt: TIMES.finishedAt,
    });
    const body = bodyOf(stateOf(build('running', [], { request: request(2) }), earlier));
    expect(body).to.include('<summary>1 earlier build</summary>');
    expect(body)
      .to.include(`- ✅ Built 3 images · \`/build\` at [\`1a2b3c4d5e6f\`](`)
      .and.to.include('octocat · 22 Nov 2026, 12:01 UTC');
  });

  it('500 images: failures first, the rest counted, all within the limit', () => {
    const names = Array.from({ length: 500 }, (_, at) => `image-${at}`);
    const rows = names.map((name, at) =>
      at % 50 === 7
        ? failed(name, 'x'.repeat(400))
        : row(name, 'succeeded', { ...TIMES, reference: `r.example/${name}@${DIGEST}` }),
    );
    const { body, state } = renderComment(stateOf(build('failed', rows)), CONTEXT);
    expect(body.length).to.be.at.most(MAX_COMMENT);
    expect(body).to.include('### ❌ 10 of 500 images failed').and.to.include('… and 490 others, all built');
    expect(body.match(/^\| \*\*image-/gm)).to.have.length(10);
    expect(body)
      .to.include('✗ image-7'.replace('✗', '#10007;'))
      .and.to.include('490 built')
      .and.to.include('6 more failed');
    expect(readMarker(body)).to.deep.equal({ kind: 'state', state });
  });

  describe('threat 28: Markdown of a build', () => {
    it('a fence in a log does not end its block', () => {
      const body = bodyOf(
        stateOf(build('failed', [failed('a', 'x\n```\n````\n</details>\n# @org/team\n~~~')])),
      );
      expect(body).to.include('\n`````\nx\n```\n````\n</details>\n# @org/team\n~~~\n`````\n');
    });

    it('colours, bidirectional and control characters are gone from a log', () => {
      const body = bodyOf(
        stateOf(build('failed', [failed('a', '\u001b[31mred\u001b[0m \u202eevil\u0000 10%\r100%')])),
      );
      expect(body).to.include('\n```\n100%\n```\n');
      const two = bodyOf(
        stateOf(build('failed', [failed('a', '\u001b[31mred\u001b[0m \u202eevil\u0000\u009b1mx')])),
      );
      expect(two).to.include('\n```\nred evilx\n```\n');
    });

    it('names and reasons are neither markup, nor mentions, nor links', () => {
      const evil = '</summary>\n\n# @org/team <img src=x> [x](javascript:y) | `z #1 https://evil.example';
      const failure = { kind: 'unknown', reason: evil, nextStep: evil } as const;
      const body = bodyOf(
        stateOf(
          build('failed', [failed(evil, 'x', { failure })], {
            text: evil,
            workflow: { name: evil, url: 'javascript:y' },
          }),
        ),
      );
      // Code and HTML hold text as it is; what is left is read as Markdown.
      const visible = body
        .slice(body.indexOf('\n'))
        .replace(/^(```+)[\s\S]*?^\1$/gm, '')
        .replace(/<summary>[^<\n]*<\/summary>/g, '')
        .replace(/(?<![`\\])(`+)(?!`).*?(?<!`)\1(?!`)/g, '')
        .replace(/\\./g, '');
      expect(body.match(/<\/?summary>/g), 'folded blocks').to.have.length(6);
      expect(visible).not.to.match(/<img|<\/summary|@org|\[x|#1\b|https?:\/\/evil/);
    });

    it('an address that is no web page’s is left out', () => {
      const body = bodyOf(stateOf(build('failed', [row('a', 'failed', { logUrl: 'javascript:alert(1)' })])));
      expect(body).not.to.include('[log]').and.not.to.include('javascript');
    });
  });

  it('threat 34: no text is a template', () => {
    const evil = '{{constructor.constructor "return process"}}{{#each this}}{{{.}}}{{> build}}';
    const body = bodyOf({
      ...stateOf(build('failed', [failed(evil, evil)], { text: evil, nextStep: evil })),
      reply: { commentId: 1, by: evil, kind: 'answer', command: evil, markdown: evil },
    });
    expect(body).to.include('\\{\\{constructor.constructor');
    expect(body).to.include(`\`\`\`\n${evil}\n\`\`\``);
  });

  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary', maxLength: 3_000 }),
    // Halves of surrogate pairs, too, which JSON can hold.
    fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
    fc.string({ unit: fc.constantFrom('\ud83d', '\ude00', '\u0000', '\u001b', '/', 'a') }),
    fc.constant('`*_@#'.repeat(5_000)),
  );
  const instant = fc.constantFrom(TIMES.startedAt, TIMES.finishedAt);
  const rowArbitrary: fc.Arbitrary<StepRow> = fc.record(
    {
      name: text,
      kind: fc.constantFrom('image', 'image', 'image', 'compile', 'publish', 'pin', 'run'),
      state: fc.constantFrom('pending', 'running', 'succeeded', 'failed', 'omitted', 'stopped', 'reused'),
      startedAt: instant,
      finishedAt: instant,
      revision: fc.constant(COMMIT),
      buildsOn: fc.array(text),
      failedBase: text,
      reference: fc.oneof(text, fc.constant(`r.example/x@${DIGEST}`)),
      failure: fc.record(
        {
          kind: fc.constant('unknown' as const),
          reason: text,
          nextStep: text,
          location: fc.record({ file: text, line: fc.nat() }),
          excerpt: text,
        },
        { requiredKeys: ['kind', 'reason', 'nextStep'] },
      ),
      tail: text,
      waiting: text,
      logUrl: fc.oneof(fc.webUrl({ withFragments: true }), text),
    },
    { requiredKeys: ['name', 'kind', 'state'] },
  );
  const buildArbitrary: fc.Arbitrary<Build> = fc.record(
    {
      request: fc.record({
        commentIds: fc.array(fc.nat(), { minLength: 1, maxLength: 2_000, size: 'max' }),
        by: fc.array(text),
        at: instant,
        verb: fc.constantFrom('build', 'build_run', 'run', 'retry'),
        flags: fc.array(text),
        commit: fc.constant(COMMIT),
      }),
      state: fc.constantFrom('accepted', 'running', 'succeeded', 'failed', 'stopped', 'refused', 'unknown'),
      workflow: fc.record({ name: text, url: fc.webUrl() }),
      startedAt: instant,
      finishedAt: instant,
      rows: fc.oneof(
        fc.array(rowArbitrary),
        fc.tuple(rowArbitrary, fc.nat(500)).map(([one, count]) => Array.from({ length: count }, () => one)),
      ),
      summary: text,
      text,
      nextStep: text,
      published: fc.record(
        {
          version: text,
          pinned: fc.array(text),
          notPinned: fc.array(text),
          warnings: fc.array(text),
          schedules: fc.array(text),
        },
        { requiredKeys: ['version', 'pinned', 'notPinned', 'warnings'] },
      ),
      run: fc.record({ id: text, note: text }, { requiredKeys: ['id'] }),
      headMovedTo: fc.constant(COMMIT),
      superseded: fc.boolean(),
    },
    { requiredKeys: ['request', 'state', 'rows'] },
  );
  const stateArbitrary: fc.Arbitrary<ConversationState> = fc.record(
    {
      builds: fc.array(buildArbitrary, { maxLength: 5 }),
      reply: fc.record({
        commentId: fc.nat(),
        by: text,
        kind: fc.constantFrom('answer', 'refusal'),
        markdown: text,
      }),
      approved: fc.array(fc.constant(COMMIT)),
    },
    { requiredKeys: ['builds', 'approved'] },
  );

  it('threat 45: any state has a comment and a check that every system takes', () => {
    fc.assert(
      fc.property(stateArbitrary, (state) => {
        const reports = state.builds.slice(0, 1).map((each) => checkReport(each, CONTEXT));
        for (const shown of [renderComment(state, CONTEXT).body, JSON.stringify(reports)]) {
          expect(Buffer.from(shown).toString()).to.equal(shown);
          expect(shown).not.to.include('\u0000');
          expect(/.{0,80}\\u(?:d[89a-f]|00[01]).{0,20}/.exec(shown)?.[0]).to.equal(undefined);
        }
      }),
      { numRuns: 15 },
    );
  }).timeout(120_000);

  it('any state fits into a comment, and what is read back gives the same comment', () => {
    fc.assert(
      fc.property(stateArbitrary, (state) => {
        const { body, state: kept } = renderComment(state, CONTEXT);
        expect(body.length).to.be.at.most(MAX_COMMENT);
        const read = readMarker(body);
        expect(read).to.deep.equal({ kind: 'state', state: kept });
        if (read.kind === 'state') expect(renderComment(read.state, CONTEXT).body).to.equal(body);
      }),
      { numRuns: 30 },
    );
  }).timeout(120_000);
});
