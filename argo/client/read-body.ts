/** More than any answer about workflows has: etcd takes objects of 1.5 MiB, and lists come in pages of their metadata. */
const MOST_BYTES = 64 * 2 ** 20;

/**
 * The text of an answer.
 *
 * @throws Error when it is larger than 64 MiB; no more than that is ever in memory
 */
export async function readBody(response: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    const piece = chunk as Buffer;
    bytes += piece.length;
    if (bytes > MOST_BYTES) throw new Error(`the answer is larger than ${MOST_BYTES / 2 ** 20} MiB`);
    chunks.push(piece);
  }
  return Buffer.concat(chunks).toString('utf8');
}
