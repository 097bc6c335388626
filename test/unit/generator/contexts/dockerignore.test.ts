import { expect } from 'chai';

import { ignoreFilter, parseDockerignore } from '../../../../generator/contexts/dockerignore.js';
import { BudgetError, StepBudget } from '../../../../generator/contexts/glob.js';

const parse = (text: string, steps = 50_000_000): ReturnType<typeof parseDockerignore> =>
  parseDockerignore(text, new StepBudget(steps));

/** Whether a .dockerignore leaves a path out. */
function ignores(text: string, path: string): boolean {
  const file = parse(text);
  expect(file.problems).to.deep.equal([]);
  return ignoreFilter(file)(path);
}

/** moby/patternmatcher's own cases: pattern, path, whether it matches. */
const MOBY: [string, string, boolean][] = [
  ['**', 'file', true],
  ['**/', 'file', true],
  ['**', 'dir/file', true],
  ['**/', 'dir/file', true],
  ['**/**', 'dir/file', true],
  ['dir/**', 'dir/file', true],
  ['dir/**', 'dir/dir2/file', true],
  ['dir', 'dir/file', true],
  ['dir/', 'dir', true],
  ['**/dir', 'dir', true],
  ['**/dir', 'dir/file', true],
  ['**/dir2/*', 'dir/dir2/file', true],
  ['**/dir2/**', 'dir/dir2/dir3/file', true],
  ['**file', 'file', true],
  ['**file', 'dir/file', true],
  ['**file', 'dir/dir/file', true],
  ['**/file', 'dir/dir/file', true],
  ['**/file*', 'dir/dir/file', true],
  ['**/file*', 'dir/dir/file.txt', true],
  ['**/file*txt', 'dir/dir/file.txt', true],
  ['**/file*.txt', 'dir/dir/file.txt', true],
  ['**/file*.txt*', 'dir/dir/file.txt', true],
  ['**/**/*.txt', 'dir/dir/file.txt', true],
  ['**/**/*.txt2', 'dir/dir/file.txt', false],
  ['**/*.txt', 'file.txt', true],
  ['**/**/*.txt', 'file.txt', true],
  ['a**/*.txt', 'a/file.txt', true],
  ['a**/*.txt', 'a/dir/file.txt', true],
  ['a**/*.txt', 'a/dir/dir/file.txt', true],
  ['a/*.txt', 'a/dir/file.txt', false],
  ['a/*.txt', 'a/file.txt', true],
  ['a/*.txt**', 'a/file.txt', true],
  ['a[b-d]e', 'ae', false],
  ['a[b-d]e', 'ace', true],
  ['a[b-d]e', 'aae', false],
  ['a[^b-d]e', 'aze', true],
  ['.*', '.foo', true],
  ['.*', 'foo', false],
  ['abc.def', 'abcdef', false],
  ['abc.def', 'abc.def', true],
  ['abc.def', 'abcZdef', false],
  ['abc?def', 'abcZdef', true],
  ['abc?def', 'abcdef', false],
  ['a\\\\', 'a\\', true],
  ['**/foo/bar', 'foo/bar', true],
  ['**/foo/bar', 'dir/foo/bar', true],
  ['**/foo/bar', 'dir/dir2/foo/bar', true],
  ['abc/**', 'abc', false],
  ['abc/**', 'abc/def', true],
  ['abc/**', 'abc/def/ghi', true],
  ['**/.foo', '.foo', true],
  ['**/.foo', 'bar.foo', false],
  ['a(b)c/def', 'a(b)c/def', true],
  ['a(b)c/def', 'a(b)c/xyz', false],
  ['a.|)$(}+{bc', 'a.|)$(}+{bc', true],
  ['dist/a.py-2.4.0rc3.dev36+g08-none-any.whl', 'dist/a.py-2.4.0rc3.dev36+g08-none-any.whl', true],
  ['dist/*.whl', 'dist/a.py-2.4.0rc3.dev36+g08-none-any.whl', true],
  ['a\\*b', 'a*b', true],
  ['a\\*b', 'ab', false],
  ['abc', 'abc', true],
  ['*', 'abc', true],
  ['*c', 'abc', true],
  ['a*', 'a', true],
  ['a*', 'ab/c', true],
  ['a*/b', 'abc/b', true],
  ['a*/b', 'a/c/b', false],
  ['a*b*c*d*e*/f', 'axbxcxdxe/f', true],
  ['a*b*c*d*e*/f', 'axbxcxdxexxx/f', true],
  ['a*b*c*d*e*/f', 'axbxcxdxe/xxx/f', false],
  ['a*b*c*d*e*/f', 'axbxcxdxexxx/fff', false],
  ['a*b?c*x', 'abxbbxdbxebxczzx', true],
  ['a*b?c*x', 'abxbbxdbxebxczzy', false],
  ['ab[c]', 'abc', true],
  ['ab[e-g]', 'abc', false],
  ['ab[^c]', 'abc', false],
  ['ab[^e-g]', 'abc', true],
  ['a?b', 'a☺b', true],
  ['a[^a]b', 'a☺b', true],
  ['a???b', 'a☺b', false],
  ['a?b', 'a😀b', true],
  ['a[^a][^a][^a]b', 'a☺b', false],
  ['[a-ζ]*', 'α', true],
  ['*[a-ζ]', 'A', false],
  ['a?b', 'a/b', false],
  ['a*b', 'a/b', false],
  ['[\\]a]', ']', true],
  ['[\\-]', '-', true],
  ['[x\\-]', 'x', true],
  ['[x\\-]', '-', true],
  ['[x\\-]', 'z', false],
  ['[\\-x]', 'x', true],
  ['[\\-x]', 'a', false],
  ['*x', 'xxx', true],
];

/** What Docker takes since Go looks at no part of a pattern behind the first that fails. */
const CLASSES: [string, string, boolean][] = [
  ['**/*[-_]test.py', 'a/x-test.py', true],
  ['**/*[-_]test.py', 'x_test.py', true],
  ['**/*[-_]test.py', 'xtest.py', false],
  ['data/*[0-9-]', 'data/a-', true],
  ['data/*[0-9-]', 'data/a5', true],
  ['data/*[0-9-]', 'data/a', false],
  ['a/*[]x]', 'a/]', true],
  ['a/*[^]x]', 'a/]', false],
  ['a/*[a-c-e]', 'a/-', true],
  ['a/*[a-c-e]', 'a/d', false],
];

/** What Docker's documentation says of the file, and Go's cleaning of paths. */
const DOCUMENTED: [string, string, string, boolean][] = [
  ['a comment', '# file\n', '# file', false],
  ['a # that is not in the first column', ' #file', '#file', true],
  ['a # in the middle', 'a#b', 'a#b', true],
  ['empty lines', '\n\n  \nfile\n', 'file', true],
  ['white space round a pattern', ' \t file \u00a0', 'file', true],
  ['a byte order mark', '\ufefffile', 'file', true],
  ['a byte order mark before a comment', '\ufeff# file', '# file', false],
  ['CRLF', 'file\r\nother\r\n', 'file', true],
  ['a leading slash', '/file', 'file', true],
  ['a leading slash does not reach deeper', '/file', 'dir/file', false],
  ['a name alone does not reach deeper', 'file', 'dir/file', false],
  ['a trailing slash', 'dir/', 'dir/file', true],
  ['./', './dir//sub/./', 'dir/sub/file', true],
  ['.. inside', 'a/../b', 'b', true],
  ['.. to the outside', '../file', 'file', false],
  ['. alone', '.', 'file', false],
  ['/ alone', '/', 'file', false],
  ['case', 'FILE', 'file', false],
  ['names of Object.prototype', 'constructor\n__proto__', 'constructor', true],
  ['an exception', '*.md\n!README.md', 'README.md', false],
  ['an exception before the rule', '!README.md\n*.md', 'README.md', true],
  ['white space after !', '*.md\n!  README.md', 'README.md', false],
  ['an exception with a leading slash', '*.md\n!/README.md', 'README.md', false],
  ['an exception in a folder', 'docs\n!docs/README.md', 'docs/README.md', false],
  ['a folder with an exception', 'docs/\n!docs/README.md', 'docs/other.md', true],
  ['a folder by *', 'docs/*\n!docs/README.md', 'docs/README.md', false],
  ['the last rule wins', '*.md\n!README*.md\nREADME-secret.md', 'README-secret.md', true],
  ['a rule that no later exception lifts', '*.md\nREADME-secret.md\n!README*.md', 'README-secret.md', false],
  ['all but a folder', '**\n!util/docker/web', 'util/docker/web/foo', false],
  [
    'all but a folder, but a file of it',
    '**\n!util/docker/web\nutil/docker/web/foo',
    'util/docker/web/foo',
    true,
  ],
  ['all but some files', '**\n!dist/*.whl', 'dist/a-2.4+g0.whl', false],
  ['all but some files, deeper', '*\n!src/**/*.py', 'src/a/b.py', false],
  ['all but some files: the rest', '*\n!src/**/*.py', 'src/a/b.txt', true],
  ['an exception that had no say on the folder above', 'x/y\n!x', 'x/y', true],
];

describe('.dockerignore', () => {
  for (const [pattern, path, matches] of [...MOBY, ...CLASSES]) {
    it(`${JSON.stringify(pattern)} ${matches ? 'leaves out' : 'keeps'} ${JSON.stringify(path)}`, () => {
      expect(ignores(pattern, path)).to.equal(matches);
    });
  }

  for (const [what, text, path, matches] of DOCUMENTED) {
    it(`${what}: ${JSON.stringify(text)} ${matches ? 'leaves out' : 'keeps'} ${JSON.stringify(path)}`, () => {
      expect(ignores(text, path)).to.equal(matches);
    });
  }

  for (const pattern of [
    '!',
    ' ! ',
    '[',
    '[]a]',
    '[-]',
    '[x-]',
    '[-x]',
    '[a-b-c]',
    '[^',
    '[^bc',
    'a[',
    '\\',
    '[z-a]',
    '*[-_]test.py',
    '.*[0-9-]',
    'a/*[z-a]',
    'a/*[',
    '/!',
  ]) {
    it(`refuses ${JSON.stringify(pattern)} as Docker does, with its line`, () => {
      const { problems } = parse(`fine\n${pattern}\n`);
      expect(problems.map(({ line }) => line)).to.deep.equal([2]);
    });
  }

  it('refuses a line that Go would not read', () => {
    for (const text of ['a'.repeat(65_536), 'é'.repeat(40_000), `#${'a'.repeat(65_536)}`])
      expect(parse(text).problems).to.have.lengthOf(1);
    expect(parse(`${'a'.repeat(65_535)}\n`).problems).to.deep.equal([]);
  });

  it('gives the same answers for a sorted list as for each path alone', () => {
    const text = 'a/*\n!a/b\na/b/c?\n**/*.pyc\n!**/keep.pyc';
    const paths = ['a-b/x.pyc', 'a/b/c1', 'a/b/d', 'a/b/keep.pyc', 'a/c', 'ab', 'z/y/x.pyc'];
    const filter = ignoreFilter(parse(text));
    expect(paths.map(filter)).to.deep.equal(paths.map((path) => ignores(text, path)));
  });

  it('takes patterns that make regular expressions explode', () => {
    const slow = `${'*a'.repeat(40)}b\n${'**/'.repeat(30)}b\n**/${'*'.repeat(50)}/x`;
    expect(ignores(slow, `${'a'.repeat(200)}/${'a/'.repeat(200)}c`)).to.equal(false);
  });

  it('threat 39: gives up on patterns and paths that are made to take for ever', () => {
    const filter = ignoreFilter(parse(`${'*a'.repeat(30_000)}*[b]`, 5_000_000));
    const paths = Array.from({ length: 200 }, (_, i) => `${'a'.repeat(4000)}${i}`);
    expect(() => {
      paths.forEach(filter);
    }).to.throw(BudgetError);
  });
});
