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
 * Makes a text plain in GitHub-flavoured Markdown: no emphasis, link, HTML, table cell, list, mention, reference or
 * autolink comes of it, and it stays on one line.
 */
export function escapeMarkdown(text: string): string {
  return withoutAutolinks(oneLine(text).replace(/[\\`*_{}[\]<>#|~&!$]/g, '\\$&'))
    .replace(/^( ?)([-+=])/, '$1\\$2')
    .replace(/^( ?\d+)([.)])/, '$1\\$2');
}

/**
 * Breaks what becomes a link without any markup by a zero-width space, which nobody sees. A backslash or an entity is
 * too little. GitHub looks for e-mail addresses, mentions, issues and commits once Markdown is parsed, where both are
 * gone; remark, which Argo's pages use, looks for addresses of the web then, too. What comes before an address does
 * not matter: an underscore is enough for GitHub.
 */
function withoutAutolinks(text: string): string {
  return (
    text
      // Before the slashes: cmark-gfm takes a zero-width space after them for the first character of a host.
      .replace(/:(?=\/\/)/g, ':\u200b')
      .replace(/www(?=\.)/gi, '$&\u200b')
      // E-mail addresses, with `mailto:` and `xmpp:` too, and people, teams and `owner/name@commit`.
      .replace(/@/g, '@\u200b')
      // Issues would then show that they were mentioned here.
      .replace(/#(?=\d)/g, '#\u200b')
      .replace(/gh-(?=\d)/gi, '$&\u200b')
      // A commit has 7 digits or more, and what follows a break may be one.
      .replace(/(?<![\da-z])[\da-f]{7,40}(?![\da-z])/gi, (commit) => commit.replace(/.{6}(?=.)/g, '$&\u200b'))
  );
}

/**
 * A Markdown code span that holds the text whatever it is: its fence is longer than any run of backticks inside.
 *
 * @param inTable - a bar would end the cell there, and only there is it read with a backslash
 */
export function markdownCode(text: string, inTable = true): string {
  const inner = inTable ? oneLine(text).replace(/\|/g, '\\|') : oneLine(text);
  if (inner === '') return '';
  const longest = longestRun(inner);
  const fence = '`'.repeat(longest + 1);
  const padding = longest > 0 || inner.startsWith(' ') || inner.endsWith(' ') ? ' ' : '';
  return fence + padding + inner + padding + fence;
}

/** A sentence in which `…` is code, as our own messages have it; all else of it is plain. */
export function markdownProse(text: string, inTable = false): string {
  // Code of nothing but characters that are not shown would vanish, and what it parts would be joined.
  return withoutUnseen(text)
    .split(/(`[^`\n]+`)/)
    .map((part, at) => (at % 2 === 1 ? markdownCode(part.slice(1, -1), inTable) : escapeMarkdown(part)))
    .join('');
}

/** Text inside of an HTML element in Markdown, such as `<summary>`, where a backslash would be shown. */
export function markdownHtml(text: string): string {
  return withoutAutolinks(oneLine(text)).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** A fenced block that holds the lines whatever they are: its fence is longer than any run of backticks inside. */
export function markdownFence(text: string, language = ''): string {
  const inner = plainLines(text).trimEnd();
  const longest = Math.max(2, longestRun(inner));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${inner}\n${fence}`;
}

/** Of backticks. A text may hold more runs than a call takes arguments. */
function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
}

/**
 * Lines of a log as a terminal would show them, without its colours: what a carriage return wrote over is gone, and
 * so are control and bidirectional characters. Takes time that is linear in the length.
 */
export function plainLines(text: string): string {
  return text
    .replace(TERMINAL_SEQUENCE, '')
    .split('\n')
    .map(lastWritten)
    .join('\n')
    .replace(/\t/g, '    ')
    .replace(UNSAFE, (char) => (char === '\n' ? char : ''))
    .replace(/\p{Surrogate}/gu, '\ufffd');
}

/** What of a line is seen in the end: progress bars write over themselves. */
function lastWritten(line: string): string {
  let end = line.length;
  while (end > 0 && line[end - 1] === '\r') end -= 1;
  return line.slice(end === 0 ? 0 : line.lastIndexOf('\r', end - 1) + 1, end);
}

/** Colours and cursor movements (CSI), titles and links (OSC), and the other sequences of ECMA-48. */
const TERMINAL_SEQUENCE =
  // eslint-disable-next-line no-control-regex -- these begin with one
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|\u001b[\]PX^_][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]?/g;

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

/** Makes a text plain in HTML, between tags and between quotes. Its lines stay; other control characters go. */
export function escapeHtml(text: string): string {
  return text
    .replace(/[&<>"'`]/g, (char) => `&#${char.charCodeAt(0)};`)
    .replace(UNSAFE, (char) => (char === '\n' || char === '\t' ? char : ''));
}

/** What is not shown goes first: it would part blanks, and four of them are an indented block of code. */
function oneLine(text: string): string {
  return withoutUnseen(text).replace(/\s+/g, ' ');
}

/** Without control, bidirectional and zero-width characters, unless they are blank. */
function withoutUnseen(text: string): string {
  return text.replace(UNSAFE, (char) => (/\s/.test(char) ? char : ''));
}
