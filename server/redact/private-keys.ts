/** The first and the last line of a private key (PEM). */
const EDGE = /-----(BEGIN|END) [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
/** A line from the middle of a key. Digests in hex have no capitals. */
const KEY_LINE = /^(?=[a-z0-9+/]{0,76}[A-Z])(?=[A-Z0-9+/]{0,76}[a-z])[A-Za-z0-9+/]{60,76}={0,2}$/gm;

/** Masks private keys (PEM), also one whose beginning or end was cut off. */
export function maskPrivateKeys(text: string): string {
  const parts: string[] = [];
  let from = 0;
  let begin: number | undefined;
  for (const { 0: edge, 1: kind, index } of text.matchAll(EDGE)) {
    if (kind === 'BEGIN') begin ??= index;
    else {
      // An end without a beginning ends what the text begins with, unless another key was there.
      parts.push(text.slice(from, begin ?? (from === 0 ? 0 : index)), '***');
      from = index + edge.length;
      begin = undefined;
    }
  }
  parts.push(...(begin === undefined ? [text.slice(from)] : [text.slice(from, begin), '***']));
  return parts.join('').replace(KEY_LINE, '***');
}
