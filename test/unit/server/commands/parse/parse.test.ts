import { expect } from 'chai';
import fc from 'fast-check';

import { writtenCommand, writtenFlags } from '../../../../../server/commands/parse/command.js';
import { usage, VERBS } from '../../../../../server/commands/parse/grammar.js';
import { parseCommands } from '../../../../../server/commands/parse/parse.js';

const SHA = 'a'.repeat(40);

/** What came of a comment, in short. */
function told(body: string, prefix?: string): string {
  const { command, problem } = parseCommands(body, { prefix });
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
    ['/help build', '/help'],
    ['/help', '/help'],
    ['/staging_deploy --canary=10 now', '/staging_deploy'],
    ['/build --no-cache --force', '/build --force --no-cache'],
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
    expect(parseCommands('a\r\nb\n\n/build').command?.line).to.equal(4);
  });

  it('gives flags sorted, the same however they were written', () => {
    const flags = parseCommands('/build --no-cache --force').command!;
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
        'problem: `--x` is no flag of `build`. The command is `/kfops build [--force] [--no-cache]`, on a line of its own.',
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
      expect(parseCommands(written).command?.verb, written).to.equal(rule.verb);
    }
  });
});

describe('threat 9: quoted command', () => {
  const quoted = [
    '> /build',
    '>/build',
    '   > /build',
    '> > /build',
    '> quoted\n/build',
    '```\n/build\n```',
    '```\n/build',
    '````\n```\n/build\n```\n````',
    '~~~\n/build\n~~~',
    '~~~\n```\n/build\n```\n~~~',
    '~~~~ bash\n~~~\n/build\n~~~~',
    '   ```sh\n   /build\n   ```',
    '```\n```x\n/build\n```',
    '```\n    ```\n/build\n```',
    '- item\n  ```\n  /build\n  ```',
    '- item\n\n  /build',
    '1. item\n\n   ```\n   /build\n   ```',
    '    /build',
    '\t/build',
    '  \t/build',
    'text\n    /build',
    '`\n/build\n`',
    '``a\n/build\nb``',
    '\u200b```\n/build\n```',
    '<!-- /build -->',
    '<!--\n/build\n-->',
    '<!--\n\n/build\n\n-->',
    '<!-- never closed\n\n/build',
    'text <!--\n/build\n--> text',
    '<pre>\n\n/build\n</pre>',
    '<blockquote>\n\n/build\n\n</blockquote>',
    '<div>\n/build\n</div>',
    '<details>\n/build\n</details>',
    // Code that begins where it is not plain whether a list or a quote goes on.
    'text\n2. text\n   ```\n\n/build\n   ```',
    '* * *\n  ```\n\n/build\n  ```',
    '-\n\n  ```\n\n/build\n  ```',
    '- ```\ntext\n  ```\n\n/build\n  ```',
    '> ```\ntext\n2. text\n   ```\n\n/build\n   ```',
    'text\n===\n<x>\n/build',
    '> `\n/build',
  ];
  for (const body of quoted) {
    for (const variant of [body, body.replace(/\n/g, '\r\n')]) {
      it(`${JSON.stringify(variant)} is nobody's command`, () => {
        expect(parseCommands(variant)).to.deep.equal({});
      });
    }
  }

  it('is nothing in a code block, whatever its length, mark and indentation', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('`', '~'),
        fc.integer({ min: 3, max: 12 }),
        fc.integer({ min: 0, max: 3 }),
        fc.array(fc.constantFrom('/build', '', 'text', '> x', '- x', '<!--', '``', '~~'), { maxLength: 6 }),
        (mark, length, indent, lines) => {
          const fence = ' '.repeat(indent) + mark.repeat(length);
          expect(parseCommands([fence, ...lines, '/build', fence].join('\n'))).to.deep.equal({});
          expect(parseCommands([fence, ...lines, fence, '/build'].join('\n')).command?.verb).to.equal(
            'build',
          );
        },
      ),
    );
  });
});

describe('threat 27: flags', () => {
  const wrong: [string, string][] = [
    ['/build --forse', '`--forse` is no flag of `build`. Did you mean `--force`?'],
    ['/build --force --force', '`--force` stands here twice.'],
    ['/run --version-id=a --version-id b', '`--version-id` stands here twice.'],
    ['/build --force=true', '`--force` takes no value.'],
    ['/build --force true', '`true` is too much here.'],
    ['/run --run-id=../x', '`--run-id` is no flag of `run`.'],
    ['/run --version-id=../x', '`../x` cannot be the value of `--version-id`.'],
    ['/run --version-id', '`--version-id` needs a value.'],
    ['/run --version-id=', '`--version-id` needs a value.'],
    ['/run --version-id --force', '`--version-id` needs a value.'],
    ['/run --version-id=$(id)', '`$(id)` cannot be'.replace(/[$()]/g, '?')],
    ['/run --version-id={{x}}', '`??x??` cannot be'],
    ['/build --__proto__', '`--__proto__` is no flag of `build`.'],
    ['/build --constructor=x', '`--constructor` is no flag of `build`.'],
    ['/build -f', '`-f` is too much here.'],
    ['/build please', '`please` is too much here.'],
    ['/build @org/team', '`?org/team` is too much here.'],
    ['/ok-to-test', '`ok-to-test` needs a full commit id.'],
    ['/ok-to-test abcdef0', '`ok-to-test` needs a full commit id.'],
    [`/ok-to-test ${SHA} ${SHA}`, `\`${SHA}\` is too much here.`],
    [`/build ${'x'.repeat(600)}`, 'This line is too long for a command.'],
    ['/build\n/run', 'A comment holds one command, and this one has several.'],
    ['/build\n\n/build', 'A comment holds one command, and this one has several.'],
    ['/build\n/build --nope', 'A comment holds one command, and this one has several.'],
  ];
  for (const [body, problem] of wrong) {
    it(`${JSON.stringify(body.slice(0, 60))} is explained`, () => {
      const parsed = parseCommands(body);
      expect(parsed.command).to.equal(undefined);
      expect(parsed.problem).to.include(problem);
      expect(parsed.problem).to.match(/\.$/);
    });
  }

  it('gives only flags that the grammar has, and texts that can do nothing in Markdown', () => {
    const word = fc.oneof(
      fc.constantFrom('--force', '--no-cache', '--version-id', '--version-id=x', '--', '—', '@a', '<b>', '`'),
      fc.string({ maxLength: 12 }),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...VERBS.map(({ verb }) => verb)),
        fc.array(word, { maxLength: 6 }),
        (verb, words) => {
          const { command, problem } = parseCommands(`/${verb} ${words.join(' ')}`);
          if (command) {
            const rule = VERBS.find((known) => known.verb === command.verb)!;
            for (const [name, value] of Object.entries(command.flags)) {
              const flag = rule.flags.find((known) => known.name === name)!;
              if (flag.value) expect(value).to.match(flag.value.pattern);
              else expect(value).to.equal(true);
            }
            expect(parseCommands(writtenCommand(command)).command).to.deep.include({
              verb: command.verb,
              flags: command.flags,
            });
          }
          // What people wrote stands between backticks, in letters that mean nothing.
          expect(problem ?? '').to.match(/^(?:[A-Za-z0-9 ,.;:?'-]|`[A-Za-z0-9_.,=/[\]? -]*`)*$/);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('threat 17: shell injection', () => {
  for (const value of ["';id;'", '$(id)', '`id`', 'a\u0000b', 'a|b', '--x', '../a', '-x']) {
    it(`${JSON.stringify(value)} is no value of a flag`, () => {
      expect(parseCommands(`/run --version-id=${value}`).command).to.equal(undefined);
    });
  }
});
