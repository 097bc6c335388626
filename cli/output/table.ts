/** Cuts a text in its middle to at most `width` characters: both its ends tell it from others. */
export function cutMiddle(text: string, width: number): string {
  const characters = Array.from(text);
  if (characters.length <= width) return text;
  if (width <= 1) return '…'.slice(0, width);
  const head = Math.ceil((width - 1) / 2);
  const tail = width - 1 - head;
  return `${characters.slice(0, head).join('')}…${tail > 0 ? characters.slice(-tail).join('') : ''}`;
}

/** Cuts a text at its end to at most `width` characters. */
export function cutEnd(text: string, width: number): string {
  const characters = Array.from(text);
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}

/** A column of {@link table}. */
export interface Column {
  readonly align?: 'left' | 'right';
  /** Its cells are cut to this many characters. */
  readonly max?: number;
}

/** Rows with their columns in line, two spaces between them and none at the end. Cells hold no colours. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const cut = rows.map((row) => row.map((cell, at) => cutMiddle(cell, columns[at]?.max ?? Infinity)));
  const widths = columns.map((_, at) => Math.max(0, ...cut.map((row) => length(row[at] ?? ''))));
  return cut.map((row) =>
    row
      .map((cell, at) => {
        const padding = ' '.repeat((widths[at] ?? 0) - length(cell));
        return columns[at]?.align === 'right' ? padding + cell : cell + padding;
      })
      .join('  ')
      .trimEnd(),
  );
}

/** Width of the widest line. */
export function widthOf(lines: readonly string[]): number {
  return Math.max(0, ...lines.map(length));
}

function length(text: string): number {
  return Array.from(text).length;
}
