// eslint-disable-next-line no-control-regex -- colours begin with it
const COLOR = /\u001b\[\d+m/g;

/**
 * Breaks lines between words so that each fits; the rest is indented by two more than its line. A word that is too
 * long stays whole.
 *
 * @param text - may have colours, which take no room
 */
export function wrapLines(text: string, columns: number): string {
  return text
    .split('\n')
    .flatMap((line) => wrapLine(line, columns))
    .join('\n');
}

function wrapLine(line: string, columns: number): string[] {
  const widthOf = (part: string): number => part.replace(COLOR, '').length;
  if (widthOf(line) <= columns) return [line];
  const indent = `${/^ */.exec(line)?.[0] ?? ''}  `;
  const lines: string[] = [];
  for (const word of line.trimEnd().split(/(?<! )(?<!^)(?= )/)) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(last + word) <= columns) lines[lines.length - 1] = last + word;
    else lines.push(last === undefined ? word : indent + word.trimStart());
  }
  return lines;
}
