import { expect } from 'chai';
import fc from 'fast-check';

import { setArguments, writtenCommand } from '../../../../../server/commands/parse/command.js';
import { splitWords, withQuotes } from '../../../../../server/commands/parse/split-words.js';
import { parseComment } from '../../../../../server/commands/verb-table.js';

/** What `--set` says after the verb, or the problem. */
function read(rest: string, verb = 'build_run'): readonly string[] | string | undefined {
  const { command, problem } = parseComment(`/${verb} ${rest}`);
  return command ? setArguments(command) : problem;
}

describe('--set in a comment', () => {
  const understood: [rest: string, ...set: string[]][] = [
    ['--set epochs=20', 'epochs=20'],
    ['--set=epochs=20', 'epochs=20'],
    ['—set epochs=20', 'epochs=20'],
    ['--set pipeline_args.epochs=20', 'epochs=20'],
    ['--set pipeline.pipeline_args.epochs=20', 'epochs=20'],
    ['--set b=1 --set a=2 --force', 'a=2', 'b=1'],
    ['--set a=1 trainer --set b=2 serving', 'a=1', 'b=2'],
    ["--set layers='[64, 32]'", 'layers=[64, 32]'],
    ["--set 'layers=[64, 32]'", 'layers=[64, 32]'],
    ['--set layers=[64,32]', 'layers=[64,32]'],
    [`--set options='{"a": {"b": [1]}}'`, 'options={"a": {"b": [1]}}'],
    ['--set name="a b"', 'name=a b'],
    ['--set name=“a b”', 'name=a b'],
    ['--set name=„a b“', 'name=a b'],
    ['--set name=‘a b’', 'name=a b'],
    ['--set name="a  b"', 'name=a  b'],
    [String.raw`--set name="say \"hi\" \n"`, String.raw`name=say "hi" \n`],
    [String.raw`--set name=a\ b`, 'name=a b'],
    ["--set name=a' b 'c", 'name=a b c'],
    ['--set name="it\'s"', "name=it's"],
    ['--set name=“it’s”', 'name=it’s'],
    [`--set empty='""'`, 'empty=""'],
    ['--set x=$(id)', 'x=$(id)'],
    ['--set "x=a `id`; a|b"', 'x=a `id`; a|b'],
    [`--set x='"a # b"'`, 'x="a # b"'],
    ['--set url=http://x/?a=b#c', 'url=http://x/?a=b#c'],
  ];
  for (const [rest, ...set] of understood)
    it(`${rest} sets ${set.join(' and ')}`, () => {
      expect(read(rest)).to.deep.equal(set);
    });

  const refused: [rest: string, problem: string][] = [
    ['--set', '`--set` needs a key and a value.'],
    ['--set --force', '`--set` needs a key and a value.'],
    ['--set=', '`--set` needs a key and a value.'],
    ['--set epochs', '`epochs` cannot be the value of `--set`.'],
    ['--set epochs 20', '`epochs` cannot be the value of `--set`.'],
    ['--set =20', '`` cannot be the name of a parameter.'],
    ['--set 1a=20', '`1a` cannot be the name of a parameter.'],
    ['--set a-b=20', '`a-b` cannot be the name of a parameter.'],
    ['--set __proto__=1', '`__proto__` cannot be the name of a parameter.'],
    ['--set constructor=1', '`constructor` cannot be the name of a parameter.'],
    ['--set image_builder.parallelism=4', '`image_builder.parallelism` cannot be set in a comment'],
    ['--set pipeline.name=x', '`pipeline.name` cannot be set in a comment'],
    ['--set pipeline_args.a.b=x', '`a.b` cannot be set in a comment'],
    ['--set a=1 --set a=2', 'Duplicate key `a` of `--set`.'],
    ['--set a=1 --set pipeline_args.a=2', 'Duplicate key `a` of `--set`.'],
    ['--set a=', 'The value of `a` is empty.'],
    ['--set a=""', 'The value of `a` is empty.'],
    ['--set a=null', 'The value of `a` is empty.'],
    ['--set a=~', 'The value of `a` is empty.'],
    ['--set a=#1', 'The value of `a` is empty.'],
    ['--set a="b # c"', 'The value of `a` has `#` after a space'],
    ['--set a="b: c"', 'The value of `a` has a colon or a dash'],
    ['--set a="- c"', 'The value of `a` has a colon or a dash'],
    ['--set a=[1', 'The value of `a` is neither a YAML scalar nor JSON.'],
    ['--set a=*x', 'The value of `a` is neither a YAML scalar nor JSON.'],
    ['--set a="b', 'A quote or a backslash at the end of `--set` is open. Close it.'],
    ['--set a=\'b"', 'A quote or a backslash at the end of `--set` is open. Close it.'],
    ['--set a=“b"', 'A quote or a backslash at the end of `--set` is open. Close it.'],
    ['--set a=b\\', 'A quote or a backslash at the end of `--set` is open. Close it.'],
    ['--set a="b\tc"', 'The value of `a` holds a control character.'],
    ['--set a="b\u0007c"', 'The value of `a` holds a control character.'],
    ['--set a="b\u0085c"', 'The value of `a` holds a control character.'],
    [Array.from({ length: 17 }, (_, i) => `--set a${i}=1`).join(' '), 'A command can set 16 arguments.'],
  ];
  for (const [rest, problem] of refused)
    it(`${JSON.stringify(rest.slice(0, 50))} is explained`, () => {
      expect(read(rest)).to.be.a('string').that.includes(problem);
    });

  it('is no flag of what runs nothing, and the answer names what runs', () => {
    for (const verb of ['build', 'plan', 'retry', 'status', 'cancel'])
      expect(read('--set a=1', verb))
        .to.be.a('string')
        .that.includes(`\`--set\` is no flag of \`${verb}\`.`)
        .and.includes('`build_run --set KEY=VALUE` or `run --set KEY=VALUE`');
    expect(read('--set a="b', 'build')).to.include('is no flag of `build`');
  });

  it('has its place in the usage', () => {
    expect(read('--set')).to.include('[--set KEY=VALUE]...');
  });

  it('means the same in any order', () => {
    const one = parseComment('/build_run --set b=1 --force --set a=2').command!;
    const other = parseComment('/build_run --set a=2 --set b=1 --force').command!;
    expect(writtenCommand(one)).to.equal(writtenCommand(other));
    expect(writtenCommand(one)).to.equal('/build_run --force --set a=2 --set b=1');
  });

  it('leaves quotes elsewhere as they are', () => {
    expect(read("don't", 'build_run')).to.include('Unexpected argument `don?t`.');
    expect(parseComment('/run --version-id “pr-17” --set a="x y"').command?.flags).to.deep.equal({
      'version-id': 'pr-17',
      set: ['a=x y'],
    });
  });

  it('is not repeated where a command was skipped', () => {
    const { skipped, hint } = parseComment('- /build_run --set token=ghp_secret');
    expect(skipped).to.deep.equal([{ written: '/build_run', line: 1, reason: 'in a list' }]);
    expect(hint).to.equal("`/build_run` is in a list, so it wasn't run.");
    expect(parseComment('／build_run --set=a=secret').problem).to.include('Did you mean `/build_run`?');
  });

  it('is read again as it was written', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '"',
        "'",
        '\\',
        '“',
        '”',
        '‘',
        '’',
        '„',
        '‚',
        ' ',
        '  ',
        '$',
        '`',
        '{',
        '[',
        '#',
        ': ',
        '=',
        '--set',
      ),
      fc.string({ unit: 'grapheme', maxLength: 6 }),
    );
    const value = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
    const key = fc.stringMatching(/^[a-z_][a-z0-9_]{0,5}$/);
    let read = 0;
    fc.assert(
      fc.property(fc.dictionary(key, value, { minKeys: 1, maxKeys: 3, noNullPrototype: true }), (values) => {
        const rest = Object.entries(values).map(([name, text]) => `--set ${name}=${withQuotes(text)}`);
        const { command } = parseComment(`/build_run ${rest.join(' ')}`);
        if (!command) return;
        read++;
        const { line, ...meaning } = command;
        expect(line).to.equal(1);
        expect(parseComment(writtenCommand(command)).command).to.deep.include(meaning);
      }),
      { numRuns: 2000 },
    );
    expect(read).to.be.greaterThan(200);
  });

  it('is quoted so that every text is one word again', () => {
    const special = fc.constantFrom('a', ' ', '\\', '"', "'", '“', '”', '„', '‘', '’', '$', '`', '\t', '=');
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: special }), fc.string({ unit: 'binary' })), (text) => {
        fc.pre(!/[\u00ad\u200b-\u200f\u2060\ufeff]/.test(text));
        expect(splitWords(`--set ${withQuotes(text)} end`)).to.deep.equal({ words: ['--set', text, 'end'] });
      }),
      { numRuns: 2000 },
    );
  });
});

describe('threats 46, 47: --set', () => {
  it('threat 46: with the tags of Argo is refused with the reason, however they are written', () => {
    for (const value of ['{{workflow.name}}', "'{{=1}}'", '"a {{x}}"', String.raw`'"\x7b{x}}"'`, '[{{a}}]'])
      expect(read(`--set a=${value}`))
        .to.be.a('string')
        .that.includes('two opening braces in a row, which Argo would evaluate as a template');
  });

  it('threat 47: of 100 kB is refused with the limit', () => {
    const problem = read(`--set a=${'x'.repeat(100_000)}`);
    expect(problem).to.include(
      'This line is too long for a command: 100019 characters, and the limit is 500.',
    );
    expect(problem?.length).to.be.lessThan(300);
  });

  it('of 500 characters is refused if its quotes make it longer', () => {
    expect(read(`--set a='x${'"'.repeat(300)}'\\'`)).to.include('the limit is 500');
  });
});
