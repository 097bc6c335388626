import type { Io } from '../io.js';

/**
 * Whether text on stderr has colours: never with `--no-color`; else as `FORCE_COLOR` says, then `NO_COLOR`
 * (https://no-color.org), then on a terminal that is not dumb.
 */
export function wantsColor(io: Pick<Io, 'env' | 'stderr'>, flag: boolean): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no, TERM: term } = io.env;
  if (!flag) return false;
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  if (no !== undefined && no !== '') return false;
  return io.stderr.isTTY === true && term !== 'dumb';
}
