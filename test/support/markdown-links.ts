import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmAutolinkLiteralFromMarkdown } from 'mdast-util-gfm-autolink-literal';
import { gfmAutolinkLiteral } from 'micromark-extension-gfm-autolink-literal';
import remarkGithub from 'remark-github';

/** What parts of a text must not become: a link of GitHub-flavoured Markdown, or one of GitHub's references. */
const PIECES = [
  ...'www. WWW. www . evil.test evil http https ftp : // :// / http:// https:// ftp:// mailto: xmpp: é'.split(
    ' ',
  ),
  ...'a@evil.test @ @org/team @octocat #1 # 1 GH-1 gh- a/b#1 a/b@1a2b3c4 1a2b3c4 deadbeef ... f'.split(' '),
  ...'_ * ~ ( ) [ ] < > ! & &#46; &period; &commat; \\ ` | " - + $ { } ]( [a]: `a`'.split(' '),
  ...[
    '0123456789'.repeat(4),
    ' ',
    '\n',
    '\t',
    '`\u200b`',
    '`\u2060`',
    '\u200b',
    ' \u202e ',
    '\ufeff',
    '\u00ad',
  ],
];

/** Texts of such pieces. */
export const linkingText = fc
  .array(fc.constantFrom(...PIECES), { maxLength: 14 })
  .map((pieces) => pieces.join(''));

type Node = ReturnType<typeof fromMarkdown> | ReturnType<typeof fromMarkdown>['children'][number];

const github = remarkGithub({ repository: 'acme/churn' });

/**
 * cmark-gfm's own rules on the source (extensions/autolink.c: `www_match`, `url_match`), of which remark knows no
 * `ftp://`. Wider than they are: what stands before, and what a host is, is not asked.
 */
const CMARK = /www\.|(?:https?|ftp):\/\//i;

/** Addresses that a text of GitHub leads to, other nodes that are markup of a stranger, and what is seen. */
export function readMarkdown(markdown: string): { links: string[]; text: string } {
  const tree = fromMarkdown(markdown, {
    extensions: [gfmAutolinkLiteral()],
    mdastExtensions: [gfmAutolinkLiteralFromMarkdown()],
  });
  // The file is looked at only where the repository isn't known.
  github(tree, undefined as never);
  const links: string[] = [];
  let text = '';
  const visit = (node: Node): void => {
    if (['link', 'image', 'linkReference', 'imageReference', 'definition', 'html'].includes(node.type))
      links.push('url' in node ? node.url : JSON.stringify(node));
    if (node.type === 'text' && CMARK.test(node.value)) links.push(node.value);
    if ('value' in node) text += node.value;
    if ('children' in node) node.children.forEach(visit);
  };
  visit(tree);
  return { links, text };
}
