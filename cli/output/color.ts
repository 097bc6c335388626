/**
 * Whether text on a stream has colours: never with `--no-color`; else as `FORCE_COLOR` says, then `NO_COLOR`
 * (https://no-color.org), then where the stream is a terminal that is not dumb.
 */
export function wantsColor(
  { FORCE_COLOR: force, NO_COLOR: no, TERM: term }: Readonly<Record<string, string | undefined>>,
  stream: { readonly isTTY?: boolean },
  flag: boolean,
): boolean {
  if (!flag) return false;
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  if (no !== undefined && no !== '') return false;
  return stream.isTTY === true && term !== 'dumb';
}
