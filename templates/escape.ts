/**
 * What a text from a repository must never do where it is shown: move the cursor, hide or turn other text, or
 * become markup. C0 and C1 controls, Unicode's line separators, bidirectional overrides and the zero-width family.
 */
// eslint-disable-next-line no-control-regex -- these are the characters it is for
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Replaces control and bidirectional characters by a visible escape (`\x1b`, `\u202e`), so that they stay harmless. */
export function escapeTerminal(text: string): string {
  return text.replace(UNSAFE, (char) => {
    const code = char.charCodeAt(0);
    if (char === '\n') return '\\n';
    if (char === '\t') return '\\t';
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/**
 * Makes a text plain in GitHub-flavoured Markdown: no emphasis, link, HTML, table cell, list, mention or autolink
 * comes of it, and it stays on one line.
 */
export function escapeMarkdown(text: string): string {
  return (
    oneLine(text)
      .replace(/[\\`*_{}[\]<>#|~&!$]/g, '\\$&')
      .replace(/:\/\//g, '\\://')
      .replace(/\bwww\./gi, (www) => `${www.slice(0, -1)}\\.`)
      // GitHub looks for mentions after Markdown was rendered, where a backslash has gone: a zero-width space stays.
      .replace(/@/g, '@\u200b')
      .replace(/^([-+=])/, '\\$1')
      .replace(/^(\d+)([.)])/, '$1\\$2')
  );
}

/** A Markdown code span that holds the text whatever it is: its fence is longer than any run of backticks inside. */
export function markdownCode(text: string): string {
  const inner = oneLine(text).replace(/\|/g, '\\|');
  if (inner === '') return '';
  const longest = Math.max(0, ...[...inner.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const padding = longest > 0 || inner.startsWith(' ') || inner.endsWith(' ') ? ' ' : '';
  return fence + padding + inner + padding + fence;
}

/**
 * The destination of a Markdown link, of https and http only.
 *
 * @returns '' for anything else, so that a link leads nowhere.
 */
export function markdownUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') return '';
  return url.href.replace(/[()<>\\`[\]|]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replace(UNSAFE, '');
}
