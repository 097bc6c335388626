/** `from=` in a `--mount`. */
export interface MountSource {
  readonly from: string;
  /** Index of its first character in the flag's value. */
  readonly start: number;
  readonly end: number;
}

/** A field of a `--mount`, and where it is in the flag's value. */
interface Field {
  readonly text: string;
  readonly start: number;
}

/**
 * Where a mount takes its files from: another stage or an image.
 *
 * @param value - of the flag: `type=bind,from=builder,target=/src`
 * @returns undefined: it uses no image
 * @see https://github.com/moby/buildkit/blob/v0.22.0/frontend/dockerfile/instructions/commands_runmount.go
 */
export function mountSource(value: string): MountSource | undefined {
  let type = 'bind';
  let source: MountSource | undefined;
  for (const { text, start } of fieldsOf(value)) {
    const equals = text.indexOf('=');
    const key = text.slice(0, Math.max(equals, 0)).toLowerCase();
    const content = text.slice(equals + 1);
    if (key === 'type') type = content.toLowerCase();
    // The last one wins.
    if (key === 'from') {
      source = { from: content, start: start + equals + 1, end: start + text.length };
    }
  }
  return (type === 'bind' || type === 'cache') && source?.from !== '' ? source : undefined;
}

/** The fields of a line of CSV; a quoted one has no quotes in it, or it is not a name of an image. */
function fieldsOf(value: string): readonly Field[] {
  const fields: Field[] = [];
  for (let at = 0; at <= value.length;) {
    const isQuoted = value.charAt(at) === '"';
    const start = isQuoted ? at + 1 : at;
    const found = value.indexOf(isQuoted ? '"' : ',', start);
    const end = found < 0 ? value.length : found;
    fields.push({ text: value.slice(start, end), start });
    at = (isQuoted ? end + 1 : end) + 1;
  }
  return fields;
}
