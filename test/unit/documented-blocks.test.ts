import { existsSync, readFileSync } from 'node:fs';

import { expect } from 'chai';

import { pages, pageText, type Place, PLACES } from '../support/documented-blocks.js';
import { documentedBlocks, shownCommands } from '../support/shell-blocks.js';

const ROOT = new URL('../../', import.meta.url);

interface Entry {
  readonly page: string;
  readonly start: string;
  readonly place: Place;
}

const ENTRIES = Object.entries(PLACES).flatMap(([page, blocks]) =>
  Object.entries<Place>(blocks).map(([start, place]): Entry => ({ page, start, place })),
);
const BLOCKS = pages().flatMap((page) =>
  documentedBlocks(pageText(page)).map((block) => ({ page, ...block })),
);

/** The blocks that an entry names. */
function named({ page, start }: Pick<Entry, 'page' | 'start'>): typeof BLOCKS {
  return BLOCKS.filter((block) => block.page === page && block.text.startsWith(start));
}

describe('the command blocks of the documentation', () => {
  it('are found, in lists as well', () => {
    const markdown =
      '```sh\na\n```\n- b\n\n  ```console\n  $ c \\\n    d\n  e\n  ```\n\n```yaml\nf: 1\n```\n';
    const [first, second, ...more] = documentedBlocks(markdown);
    expect(first).to.deep.equal({ language: 'sh', line: 2, text: 'a\n' });
    expect(second).to.deep.equal({ language: 'console', line: 7, text: '$ c \\\n  d\ne\n' });
    expect(more).to.deep.equal([]);
    expect(shownCommands({ language: 'console', line: 1, text: '$ a\n  b\n\nc\n$ d\n' })).to.deep.equal([
      { command: 'a', shown: ['  b', 'c'] },
      { command: 'd', shown: [] },
    ]);
  });

  it('are of the languages sh and console', () => {
    expect([...new Set(BLOCKS.map(({ language }) => language))].sort()).to.deep.equal(['console', 'sh']);
  });

  it('are listed once each: where they are run, or why not', () => {
    const wrong = BLOCKS.flatMap((block) => {
      const count = ENTRIES.filter((entry) => named(entry).includes(block)).length;
      return count === 1 ? [] : [`${block.page}:${block.line} is listed ${count} times`];
    });
    expect(wrong).to.deep.equal([]);
  });

  it('are there for each entry of the list', () => {
    const wrong = ENTRIES.filter((entry) => named(entry).length !== 1);
    expect(wrong.map(({ page, start }) => `${page}: ${start}`)).to.deep.equal([]);
  });

  it('are run by the file that the list names', () => {
    const wrong = ENTRIES.flatMap(({ page, start, place }) => {
      if (!('runBy' in place)) return [];
      const file = new URL(place.runBy, ROOT);
      const calls = existsSync(file) ? readFileSync(file, 'utf8').replace(/\s+/g, ' ') : '';
      const literal = start.replaceAll('\n', String.raw`\n`);
      return calls.includes(`'${page}', '${literal}'`) ? [] : [`${page}: ${start} in ${place.runBy}`];
    });
    expect(wrong).to.deep.equal([]);
  });

  it('are the same where the list says so', () => {
    for (const { page, start, place } of ENTRIES) {
      if (!('sameAs' in place)) continue;
      const [there] = named({ page: place.sameAs, start });
      expect(named({ page, start })[0]?.text, `${page}: ${start}`).to.equal(there?.text);
    }
  });
});
