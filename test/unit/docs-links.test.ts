import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** Without code blocks, in which brackets are no links. */
function proseOf(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8').replace(/^ *```[^]*?^ *```/gm, '');
}

/** The anchors that GitHub gives to headings: lower case, without punctuation, with `-` for each space. */
function anchorsOf(page: string): ReadonlySet<string> {
  const headings = proseOf(page).matchAll(/^#+ (.+)$/gm);
  return new Set(
    Array.from(headings, ([, text = '']) =>
      text
        .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** Links of a page to files and headings that are not there. */
function broken(page: string): string[] {
  return Array.from(proseOf(page).matchAll(/\]\(([^)\s…]+)\)/g), ([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : normalize(join(dirname(page), path));
      if (!existsSync(join(ROOT, target))) return true;
      return anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).has(anchor);
    })
    .map((link) => `${page}: ${link}`);
}

describe('the links in the documentation', () => {
  it('lead to files and headings that exist', () => {
    expect(PAGES.flatMap(broken)).to.deep.equal([]);
    expect(PAGES).to.include('docs/install.md');
  });

  it('are read as GitHub reads them', () => {
    expect([...anchorsOf('docs/cluster.md')]).to.include.members(['what-the-cluster-must-hold', 'doctor']);
    expect(proseOf('docs/install.md')).to.include('](minio.md#').and.not.include('kubectl create namespace');
  });
});
