import { expect } from 'chai';

import { copiedPaths } from '../../../../cli/init/dockerfile-sources.js';

const CASES: Record<string, readonly [dockerfile: string, paths: readonly string[]]> = {
  'a file, a folder, several at once': ['COPY a.txt b/ c/d /x/\nADD e /y', ['a.txt', 'b', 'c/d', 'e']],
  'all of the context': ['COPY . /app', ['']],
  'flags, but nothing from another stage': [
    'COPY --chown=1:1 --link a /x\nCOPY --from=build /out /y\ncopy --chmod=755 b /z',
    ['a', 'b'],
  ],
  'the JSON form': ['COPY ["a b.txt", "c", "/x/"]', ['a b.txt', 'c']],
  'nothing from the network': ['ADD https://example.com/x git@github.com:a/b.git c /y', ['c']],
  'a line that goes on, with a comment in it': ['COPY a \\\n  # why\n  b \\\n  /x', ['a', 'b']],
  'no here-document, and no line of one': [
    'COPY <<EOF /x\nCOPY z /z\nEOF\nRUN <<-X\n\tADD q /q\n\tX\nCOPY a /a',
    ['a'],
  ],
  'paths as Docker reads them': ['COPY /a ./b ../c d/../e /x', ['a', 'b', 'c', 'e']],
  'what is known of a path with a variable': ['COPY $A libs/${B}/c d /x', ['libs', 'd']],
  'no comment, no other instruction': ['# COPY a /x\nRUN COPY b /x\nFROM c', []],
};

describe('what a Dockerfile takes from its context', () => {
  for (const [what, [dockerfile, paths]] of Object.entries(CASES))
    it(`is ${what}`, () => {
      expect(copiedPaths(`FROM scratch\n${dockerfile}\n`)).to.deep.equal(paths);
    });
});
