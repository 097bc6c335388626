import { expect } from 'chai';

import { findSyntaxProblem, startParser } from '../../../generator/python-syntax.js';

describe('findSyntaxProblem', () => {
  const valid: Readonly<Record<string, string>> = {
    'an empty file': '',
    'a match statement': 'match x:\n    case {"a": [1, *rest]} if rest: pass\n    case _: pass\n',
    'an assignment expression': 'if (n := len(a)) > 1: print(n)\n',
    'groups of exceptions': 'try:\n    pass\nexcept* (ValueError, TypeError) as e:\n    pass\n',
    'f-strings in f-strings': 'x = f"{f"{"a"}"}" + f"{x!r:>{width}} {{}}"\n',
    'type parameters': 'type X[T] = list[T]\ndef f[T: int](x: T) -> T: return x\nclass A[T]: ...\n',
    'defaults of type parameters': 'type X[T = int] = list[T]\n',
    'template strings': 'x = t"{y}"\n',
    'exceptions without brackets': 'try:\n    pass\nexcept ValueError, TypeError:\n    pass\n',
    'match, case and type as names': 'match = case = type = 1\nmatch(x)\nprint(type)\n',
    'several context managers': 'with (open(a) as f, open(b) as g): pass\n',
    'a yield without a value': 'def f():\n    yield\n',
    'Windows line ends': 'if x:\r\n    y = 1\r\n',
    'names of other scripts': 'größe = "大"  # комментарий\n',
  };
  for (const [what, text] of Object.entries(valid)) {
    it(`takes ${what}`, async () => {
      expect(await findSyntaxProblem(text)).to.equal(undefined);
    });
  }

  it('says what is wrong, and where', async () => {
    const text = 'größe = "大"\nx = = 1\n';
    expect(await findSyntaxProblem(text)).to.deep.equal({
      message: 'Expected an expression',
      start: text.indexOf('= 1'),
      end: text.indexOf('= 1') + 1,
    });
  });

  for (const [what, text] of Object.entries({
    'a missing colon': 'def f()\n    pass\n',
    'an open bracket': 'f(1,\n',
    'an open quote': 'x = "abc\n',
    'a missing block': 'if x:\ny = 1\n',
    'indentation that fits no block': 'if x:\n        y\n    z\n',
    'a print statement': 'print "hello"\n',
    'a value in place of a name': 'f() = 1\n',
    'a positional argument after a keyword': 'f(a=1, 2)\n',
  })) {
    it(`finds ${what}`, async () => {
      expect(await findSyntaxProblem(text)).to.have.property('message');
    });
  }

  for (const [what, text] of Object.entries({
    'brackets 10,000 deep': `${'('.repeat(10_000)}1${')'.repeat(10_000)}`,
    'open brackets 100,000 deep': '['.repeat(100_000),
    'operators 100,000 deep': `${'not '.repeat(100_000)}1`,
    'blocks 1,000 deep': Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i)}if x:`).join('\n'),
    'an expression of 50,000 parts': `1${'+1'.repeat(50_000)}`,
    'f-strings 5,000 deep': 'f"{'.repeat(5000),
  })) {
    it(`ends with ${what}, and reads the next text`, async () => {
      await findSyntaxProblem(text);
      expect(await findSyntaxProblem('x = = 1\n')).to.have.property('start', 4);
    });
  }

  it('can be started before there is a text', async () => {
    startParser();
    startParser();
    expect(await findSyntaxProblem('x = = 1\n')).to.have.property('start', 4);
  });

  it('answers each of many questions that are asked at once', async () => {
    const texts = ['x = 1\n', 'x = = 1\n', 'y = 1\n', 'y y\n'];
    const answers = await Promise.all(texts.map(findSyntaxProblem));
    expect(answers.map((answer) => answer?.start)).to.deep.equal([undefined, 4, undefined, 2]);
  });
});
