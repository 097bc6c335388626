import { plainLines } from '../../templates/escape.js';

/** The start of a text, with `…` where it was cut; never half a character. */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text.replace(/\p{Surrogate}/gu, '\ufffd');
  return `${text.slice(0, Math.max(0, max - 1)).replace(/\p{Surrogate}/gu, '')}…`;
}

/** The last lines of a log, without colours and control characters, each cut to a length. */
export function lastLines(log: string, lines: number, length: number): string {
  return plainLines(log)
    .trimEnd()
    .split('\n')
    .slice(-lines)
    .map((line) => cutText(line.trimEnd(), length))
    .join('\n');
}

const CUT = '\n\n… truncated: too long for a comment.';

/**
 * The first lines of Markdown that Kfops wrote; code and folded blocks that are open there are closed. A fence ends with the
 * line that began it, without the language; `<details>` and its end are on lines of their own.
 */
export function cutMarkdown(markdown: string, max: number): string {
  if (markdown.length <= max) return markdown.replace(/\p{Surrogate}/gu, '\ufffd');
  const kept: string[] = [];
  let fence = '';
  let folded = 0;
  let room = max - CUT.length;
  for (const line of markdown.split('\n')) {
    const mark = /^`{3,}/.exec(line)?.[0] ?? '';
    const fenceAfter = fence === '' ? mark : line === fence ? '' : fence;
    const foldedAfter =
      folded + (fence !== '' ? 0 : line === '<details>' ? 1 : line === '</details>' ? -1 : 0);
    const closing = (fenceAfter === '' ? 0 : fenceAfter.length + 1) + foldedAfter * '\n\n</details>'.length;
    if (line.length + 1 + closing > room) break;
    room -= line.length + 1;
    kept.push(line);
    fence = fenceAfter;
    folded = foldedAfter;
  }
  if (fence !== '') kept.push(fence);
  for (; folded > 0; folded -= 1) kept.push('', '</details>');
  return kept.join('\n').replace(/\p{Surrogate}/gu, '\ufffd') + CUT;
}
