import { cutEnd } from '../../schema/cut.js';

/**
 * The lines of a text that comes in pieces; the last one too, when it has no end. Errors of the stream get through.
 *
 * @param longest - characters that are kept of one line; a longer one ends with a mark. What is cut is never in memory.
 */
export async function* lines(
  stream: AsyncIterable<Buffer | string>,
  longest = Number.POSITIVE_INFINITY,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let line = new Line(longest);
  for await (const chunk of stream) {
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      line.add(text.slice(from, end));
      yield line.text();
      line = new Line(longest);
      from = end + 1;
    }
    line.add(text.slice(from));
  }
  line.add(decoder.decode());
  if (line.length > 0) yield line.text();
}

/** One line in the making. */
class Line {
  /** All of its characters, those that are cut as well. */
  length = 0;
  readonly #parts: string[] = [];
  #kept = 0;

  constructor(private readonly longest: number) {}

  add(part: string): void {
    this.length += part.length;
    // One more than fits, so that the cut is seen.
    const room = this.longest + 1 - this.#kept;
    if (room <= 0 || part === '') return;
    const kept = part.slice(0, room);
    this.#parts.push(kept);
    this.#kept += kept.length;
  }

  text(): string {
    return cutEnd(this.#parts.join(''), this.longest);
  }
}
