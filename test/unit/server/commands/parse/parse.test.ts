import { expect } from 'chai';
import fc from 'fast-check';

import { writtenCommand, writtenFlags } from '../../../../../server/commands/parse/command.js';
import { usage } from '../../../../../server/commands/parse/grammar.js';
import { parseComment, VERBS } from '../../../../../server/commands/verb-table.js';

const SHA = 'a'.repeat(40);

/** What came of a comment, in short. */
function told(body: string, prefix?: string): string {
  const { command, problem } = parseComment(body, prefix);
  if (problem !== undefined) return `problem: ${problem}`;
  return command ? writtenCommand(command) : 'nothing';
}

describe('commands in comments', () => {
  const understood: [string, string][] = [
    ['/build', '/build'],
    ['/build_run', '/build_run'],
    ['/plan', '/plan'],
    ['/status', '/status'],
    ['/cancel', '/cancel'],
    ['/retry', '/retry'],
    ['/run', '/run'],
    ['/deploy', '/deploy'],
    ['/help build', '/help build'],
    ['/help /Build please', '/help build'],
    ['/help build?', '/help build'],
    ['/help 💥', '/help'],
    ['/help', '/help'],
    ['/staging_deploy --canary=10 now', '/staging_deploy'],
    ['/build --no-cache --force', '/build --force --no-cache'],
    ['/build trainer', '/build trainer'],
    ['/build serving trainer serving', '/build serving trainer'],
    ['/build --force trainer  a.b_c-1 --no-cache', '/build a.b_c-1 trainer --force --no-cache'],
    ['/build_run trainer --force', '/build_run trainer --force'],
    ['/plan trainer serving', '/plan serving trainer'],
    ['/build --force true', '/build true --force'],
    ['/build please', '/build please'],
    ['/run --version-id=pr-17-abc', '/run --version-id=pr-17-abc'],
    ['/run --version-id pr-17-abc', '/run --version-id=pr-17-abc'],
    ['/run --version-id="pr-17"', '/run --version-id=pr-17'],
    ['/run --version-id “pr-17”', '/run --version-id=pr-17'],
    ['/build —force', '/build --force'],
    [`/ok-to-test ${SHA}`, `/ok-to-test ${SHA}`],
    [`/ok-to-test ${SHA.toUpperCase()}`, `/ok-to-test ${SHA}`],
    ['/Build', '/build'],
    ['  /build  ', '/build'],
    ['Looks good.\n/build', '/build'],
    ['Looks good.\r\n\r\n/build --force\r\n\r\nThanks', '/build --force'],
    ['one\r/build\rtwo', '/build'],
    ['\ufeff/build', '/build'],
    ['\u00a0/build\u00a0--force', '/build --force'],
    ['/bu\u200bild', '/build'],
    ['1. this\n2. that\n\n/build', '/build'],
    ['> quoted\n\n/build', '/build'],
    ['```\ncode\n```\n/build', '/build'],
    ['`x`\n/build', '/build'],
    ["it's `fine\n/build", '/build'],
    ['<details>\n\nlog\n\n</details>\n\n/build', '/build'],
    ['   /build', '/build'],
    ['> quoted\n/build', '/build'],
    ['- item\n\n  /build', '/build'],
    ['<details>\n/build\n</details>', '/build'],
    ['`\n/build\n`', '/build'],
    ['text\n    /plan\n/build', '/build'],
    ['> /plan\n\n/build', '/build'],
    ['```\n/plan\n```\n/build', '/build'],
  ];
  for (const [body, command] of understood) {
    it(`${JSON.stringify(body)} is ${command}`, () => {
      expect(told(body)).to.equal(command);
    });
  }

  const passedOver = [
    '',
    'no command',
    'please /build',
    '/lgtm',
    '/approve',
    '/hold cancel',
    '/retest',
    '/rebuild',
    '/test all',
    '/ran',
    '/building is slow',
    '/build/output is missing',
    '/run.sh fails',
    '//build',
    '/ build is slow',
    '/ usr',
    '/',
    '/usr/bin',
    '/run, /tmp and /var are full',
    '／usr',
    '∕build fails',
    '/build...output',
    '- /build',
    '1. /build',
    '# /build',
    '/kfops build',
    '\u202e/build',
  ];
  for (const body of passedOver) {
    it(`${JSON.stringify(body)} is not for this server`, () => {
      expect(told(body)).to.equal('nothing');
    });
  }

  it('says where the command stands', () => {
    expect(parseComment('a\r\nb\n\n/build').command?.line).to.equal(4);
  });

  it('gives flags sorted, the same however they were written', () => {
    const flags = parseComment('/build --no-cache --force').command!;
    expect(writtenFlags(flags)).to.deep.equal(['--force', '--no-cache']);
  });

  const slips: [string, string][] = [
    ['/biuld', '/build'],
    ['/buid', '/build'],
    ['/build-run', '/build_run'],
    ['/buildrun --force', '/build_run'],
    ['/ok_to_test', '/ok-to-test'],
    ['/hlep', '/help'],
    ['/cancle', '/cancel'],
    ['/retyr', '/retry'],
    ['/stauts', '/status'],
  ];
  for (const [written, meant] of slips) {
    it(`${written} asks for ${meant}`, () => {
      expect(told(written)).to.equal(
        `problem: \`${written.split(' ')[0]}\` is no command. Did you mean \`${meant}\`?`,
      );
    });
  }

  for (const [written, meant] of [
    ['/build.', '/build'],
    ['/build!', '/build'],
    ['/build: --force', '/build'],
    ['/run,', '/run'],
    ['/retry...', '/retry'],
    ['/biuld!', '/build'],
  ] as const) {
    it(`${written} asks for ${meant}`, () => {
      expect(told(written)).to.equal(
        `problem: A command has no punctuation at its end. Did you mean \`${meant}\`?`,
      );
    });
  }

  for (const [written, meant] of [
    ['/ build', '/build'],
    ['／build --force', '/build --force'],
    ['∕Plan', '/plan'],
    ['⁄ status', '/status'],
  ] as const) {
    it(`${written} asks for ${meant}`, () => {
      expect(told(written)).to.equal(
        `problem: A command begins with \`/\`, without a space after it. Did you mean \`${meant}\`?`,
      );
    });
  }

  describe('with a prefix', () => {
    const cases: [string, string][] = [
      ['/kfops build --force', '/build --force'],
      ['/KFOPS Build', '/build'],
      ['/build', 'nothing'],
      ['/biuld', 'nothing'],
      ['/ build', 'nothing'],
      [
        '／kfops build',
        'problem: A command begins with `/`, without a space after it. Did you mean `/kfops build`?',
      ],
      ['/kfops build.', 'problem: A command has no punctuation at its end. Did you mean `/kfops build`?'],
      ['/kfopsbuild', 'nothing'],
      ['/other build', 'nothing'],
      ['/kfops', 'problem: Which command? `/kfops help` lists them.'],
      ['/kfops lgtm', 'problem: `lgtm` is no command. `/kfops help` lists them.'],
      ['/kfops biuld', 'problem: `biuld` is no command. Did you mean `/kfops build`?'],
      [
        '/kfops build --x',
        'problem: `--x` is no flag of `build`. The command is `/kfops build [IMAGE...] [--force] [--no-cache]`, on a line of its own.',
      ],
    ];
    for (const [body, command] of cases) {
      it(`${JSON.stringify(body)}: ${command}`, () => {
        expect(told(body, '/kfops')).to.equal(command);
      });
    }
  });

  it('understands every usage that it tells', () => {
    for (const rule of VERBS) {
      const written = usage(rule).replace(/[[\]]/g, '').replace('=ID', '=abc').replace('COMMIT', SHA);
      expect(parseComment(written).command?.verb, written).to.equal(rule.name);
    }
  });
});

describe('threat 9: quoted command', () => {
  const skipped: [string, string][] = [
    ['> /build', 'quoted'],
    ['>/build', 'quoted'],
    ['   > /build', 'quoted'],
    ['> > /build', 'quoted'],
    ['> - /build', 'quoted'],
    ['- > /build', 'quoted'],
    ['> ```\n> /build\n> ```', 'quoted'],
    ['```\n/build\n```', 'in a code block'],
    ['```\n/build', 'in a code block'],
    ['````\n```\n/build\n```\n````', 'in a code block'],
    ['~~~\n/build\n~~~', 'in a code block'],
    ['~~~\n```\n/build\n```\n~~~', 'in a code block'],
    ['~~~~ bash\n~~~\n/build\n~~~~', 'in a code block'],
    ['   ```sh\n   /build\n   ```', 'in a code block'],
    ['```\n```x\n/build\n```', 'in a code block'],
    ['```\n    ```\n/build\n```', 'in a code block'],
    ['- item\n  ```\n  /build\n  ```', 'in a code block'],
    ['- ```\n  /build\n  ```', 'in a code block'],
    ['1. item\n\n   ```\n   /build\n   ```', 'in a code block'],
    ['- /build', 'in a list'],
    ['1. /build', 'in a list'],
    ['  * + 2) /build', 'in a list'],
    ['    /build', 'indented by four spaces or more'],
    ['\t/build', 'indented by four spaces or more'],
    ['  \t/build', 'indented by four spaces or more'],
    ['text\n    /build', 'indented by four spaces or more'],
    ['<!--\n/build\n-->', 'in an HTML comment'],
    ['<!--\n\n/build\n\n-->', 'in an HTML comment'],
    ['<!-- never closed\n\n/build', 'in an HTML comment'],
    ['text <!--\n/build\n--> text', 'in an HTML comment'],
  ];
  for (const [body, reason] of skipped) {
    for (const variant of [body, body.replace(/\n/g, '\r\n')]) {
      it(`${JSON.stringify(variant)} is ${reason}`, () => {
        const { hint, ...parsed } = parseComment(variant);
        const line = body.split('\n').findIndex((each) => each.includes('/build')) + 1;
        expect(parsed).to.deep.equal({ skipped: [{ written: '/build', line, reason }] });
        expect(hint).to.equal(
          reason === 'quoted' || reason === 'in an HTML comment'
            ? undefined
            : `\`/build\` is ${reason}, so it wasn't run.`,
        );
      });
    }
  }

  for (const body of ['<!-- /build -->', '- [ ] /build', '- /lgtm', '```\nx /build\n```', '> /build.']) {
    it(`${JSON.stringify(body)} doesn't look like a command`, () => {
      expect(parseComment(body)).to.deep.equal({});
    });
  }

  for (const [body, written] of [
    ['- /build is slow', '/build is slow'],
    ['- /plan trainer', '/plan trainer'],
    ['```\n/run --version-id=$(id)\n```', '/run'],
    ['    /help lists them', '/help lists'],
  ] as const) {
    it(`${JSON.stringify(body)} gets no hint`, () => {
      const { hint, skipped: [first] = [] } = parseComment(body);
      expect(hint).to.equal(undefined);
      expect(first?.written).to.equal(written);
    });
  }

  it('gives no hint where there is a command or a problem', () => {
    for (const body of ['- /plan\n\n/build', '- /plan\n\n/biuld', '/build\n- /plan\n/build'])
      expect(parseComment(body), body).to.have.property('skipped').and.not.to.have.property('hint');
  });

  it('writes the skipped command as it must be written', () => {
    expect(parseComment('```\n/KFOPS  build --no-cache —force\n```', '/kfops').hint).to.equal(
      "`/kfops build --force --no-cache` is in a code block, so it wasn't run.",
    );
  });

  it('remembers the first skipped commands, and gives the hint for a later one', () => {
    const parsed = parseComment(`${'> /build\n'.repeat(50)}\n- /plan`);
    expect(parsed.skipped).to.have.length(10);
    expect(parsed.hint).to.include('`/plan` is in a list');
  });

  const text = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          '/build',
          '/build --force',
          '```',
          '````',
          '~~~',
          '<!--',
          '-->',
          '> ',
          '- ',
          '    ',
          '',
        ),
        fc.string({ unit: 'binary', maxLength: 20 }),
      ),
      { maxLength: 12 },
    )
    .chain((parts) => fc.constantFrom('\n', '\r\n', '\r', ' ', '').map((end) => parts.join(end)));
  const isNothing = (body: string): void => {
    const { command, problem } = parseComment(body);
    expect(command ?? problem, JSON.stringify(body)).to.equal(undefined);
  };

  it('finds no command in any text that is wrapped in a fence', () => {
    fc.assert(
      fc.property(text, fc.constantFrom('`', '~'), fc.integer({ min: 0, max: 3 }), (body, mark, indent) => {
        const longest = Math.max(2, ...[...body.matchAll(/`+|~+/g)].map(([run]) => run.length));
        const fence = ' '.repeat(indent) + mark.repeat(longest + 1);
        isNothing([fence, body, fence].join('\n'));
        isNothing([`- ${fence.trim()}`, body].join('\n'));
        expect(parseComment([fence, body, fence, '/build'].join('\n')).command?.verb).to.equal('build');
      }),
      { numRuns: 1000 },
    );
  });

  it('finds no command in any text that is wrapped in an HTML comment', () => {
    fc.assert(
      fc.property(text, (body) => {
        const inside = body.replaceAll('-->', '').replaceAll('-->', '');
        fc.pre(!`<!--\n${inside}`.includes('-->'));
        isNothing(['<!--', inside, '-->'].join('\n'));
        expect(parseComment(['<!--', inside, '-->', '/build'].join('\n')).command?.verb).to.equal('build');
      }),
      { numRuns: 1000 },
    );
  });

  it('finds no command in any text that is quoted, listed or indented', () => {
    fc.assert(
      fc.property(text, fc.constantFrom('> ', '>', '- ', '1. ', '    ', '\t'), (body, marker) => {
        isNothing(
          body
            .split(/\r\n|\n|\r/)
            .map((line) => marker + line)
            .join('\n'),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('always says the same, and never throws', () => {
    fc.assert(
      fc.property(text, (body) => {
        expect(parseComment(body)).to.deep.equal(parseComment(body));
        const { skipped = [], hint } = parseComment(body);
        expect(skipped.every(({ line }) => line >= 1)).to.equal(true);
        expect(hint ?? '').to.match(/^(?:[A-Za-z0-9 ,.']|`[A-Za-z0-9_.,=/ -]*`)*$/);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('threat 27: flags', () => {
  const wrong: [string, string][] = [
    ['/build --forse', '`--forse` is no flag of `build`. Did you mean `--force`?'],
    ['/build --force --force', 'Duplicate flag `--force`.'],
    ['/run --version-id=a --version-id b', 'Duplicate flag `--version-id`.'],
    ['/build --force=true', '`--force` takes no value.'],
    ['/retry trainer', 'Unexpected argument `trainer`.'],
    [
      '/build trainer, serving',
      'Unexpected argument `trainer?`. Write the names of images as in config.yaml,',
    ],
    ['/build images/trainer', 'Unexpected argument `images/trainer`.'],
    ['/plan $(id)', 'Unexpected argument `??id?`.'],
    ['/plan {{x}}', 'Unexpected argument `??x??`.'],
    [`/build ${'x'.repeat(101)}`, 'Unexpected argument'],
    [`/build ${Array.from({ length: 21 }, (_, i) => `i${i}`).join(' ')}`, 'A command can name 20 images.'],
    ['/build --set a=1 b=2', '`--set` is no flag of `build`. Only a command that runs the pipeline sets'],
    ['/run --config-override x', 'A comment cannot override the configuration.'],
    ['/build -n kfops', "`-n` is no flag of `build`. The server's settings decide this."],
    ['/run -w', '`-w` is no flag of `run`. The comment shows each build and run to its end.'],
    ['/run --run-id=../x', '`--run-id` is no flag of `run`.'],
    ['/run --version-id=../x', '`../x` cannot be the value of `--version-id`.'],
    ['/run --version-id', '`--version-id` needs a value.'],
    ['/run --version-id=', '`--version-id` needs a value.'],
    ['/run --version-id --force', '`--version-id` needs a value.'],
    ['/run --version-id=$(id)', '`$(id)` cannot be'.replace(/[$()]/g, '?')],
    ['/run --version-id={{x}}', '`??x??` cannot be'],
    ['/build --__proto__', '`--__proto__` is no flag of `build`.'],
    ['/build --constructor=x', '`--constructor` is no flag of `build`.'],
    ['/build -f', 'Unexpected argument `-f`.'],
    ['/build @org/team', 'Unexpected argument `?org/team`.'],
    ['/ok-to-test', '`ok-to-test` needs a full commit id.'],
    ['/ok-to-test abcdef0', '`ok-to-test` needs a full commit id.'],
    [`/ok-to-test ${SHA} ${SHA}`, `Unexpected argument \`${SHA}\`.`],
    [
      `/build ${'x'.repeat(600)}`,
      'This line is too long for a command: 607 characters, and the limit is 500.',
    ],
    ['/build\n/run', 'A comment holds one command, and this one has several.'],
    ['/build\n\n/build', 'A comment holds one command, and this one has several.'],
    ['/build\n/build --nope', 'A comment holds one command, and this one has several.'],
  ];
  for (const [body, problem] of wrong) {
    it(`${JSON.stringify(body.slice(0, 60))} is explained`, () => {
      const parsed = parseComment(body);
      expect(parsed.command).to.equal(undefined);
      expect(parsed.problem).to.include(problem);
      expect(parsed.problem).to.match(/\.$/);
    });
  }

  it('gives only flags that the grammar has, and texts that can do nothing in Markdown', () => {
    const word = fc.oneof(
      fc.constantFrom('--force', '--no-cache', '--version-id', '--version-id=x', '--', '—', '@a', '<b>', '`'),
      fc.constantFrom(
        '--set',
        '--set=a=1',
        '--set b="c d"',
        "--set=c='{{x}}'",
        '—set d=[1,',
        '--set e="f',
        'g.h=1',
      ),
      fc.string({ maxLength: 12 }),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...VERBS.map(({ name }) => name)),
        fc.array(word, { maxLength: 6 }),
        (verb, words) => {
          const { command, problem } = parseComment(`/${verb} ${words.join(' ')}`);
          if (command) {
            const rule = VERBS.find((known) => known.name === command.verb)!;
            for (const [name, value] of Object.entries(command.flags)) {
              const flag = rule.flags.find((known) => known.name === name)!;
              if (flag.isSet)
                for (const each of value as string[]) expect(each).to.match(flag.value!.pattern);
              else if (flag.value) expect(value).to.match(flag.value.pattern);
              else expect(value).to.equal(true);
            }
            for (const name of command.images ?? []) expect(name).to.match(/^[A-Za-z0-9_.][A-Za-z0-9_.-]*$/);
            const { line, ...meaning } = command;
            expect(line).to.equal(1);
            expect(parseComment(writtenCommand(command)).command).to.deep.include(meaning);
          }
          // What people wrote stands between backticks, in letters that mean nothing.
          expect(problem ?? '').to.match(/^(?:[A-Za-z0-9 ,.;:?'-]|`[A-Za-z0-9_.,=/[\]?#:'" -]*`)*$/);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('threat 17: shell injection', () => {
  for (const value of ["';id;'", '$(id)', '`id`', 'a\u0000b', 'a|b', '--x', '../a', '-x']) {
    it(`${JSON.stringify(value)} is no value of a flag`, () => {
      expect(parseComment(`/run --version-id=${value}`).command).to.equal(undefined);
    });
  }
});
