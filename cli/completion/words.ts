/** A command line that is being typed, up to the cursor. */
export interface TypedLine {
  /** The whole words before the current one, without `kfops`. */
  readonly before: readonly string[];
  /** What is typed of the word at the cursor. */
  readonly current: string;
  /** How many characters of `current` the shell keeps, and puts an answer behind. */
  readonly kept: number;
}

/**
 * Puts words together that bash splits at characters such as `=` and `@`, which are words of their own to it:
 * https://www.gnu.org/software/bash/manual/bash.html#index-COMP_005fWORDBREAKS
 *
 * @param words - those after `kfops`, the last one being typed
 * @param breaks - characters at which the shell splits words; none in zsh and fish
 */
export function typedLine(words: readonly string[], breaks = ''): TypedLine {
  // Those that words of kfops hold.
  const isBreak = (word: string): boolean => /^[=@:]+$/.test(word);
  const joined: string[] = [];
  let isOpen = false;
  for (const word of words) {
    const isSplit = breaks !== '' && isBreak(word);
    const last = joined.at(-1);
    if (last !== undefined && (isOpen || (isSplit && word !== '@' && !isBreak(last))))
      joined[joined.length - 1] = last + word;
    else joined.push(word);
    isOpen = isSplit;
  }
  const current = joined.pop() ?? '';
  // readline keeps `=` and `:` out of the word that it replaces, not `@`, which is one of its special prefixes.
  const kept =
    1 +
    Math.max(
      -1,
      ...['=', ':'].filter((char) => breaks.includes(char)).map((char) => current.lastIndexOf(char)),
    );
  return { before: joined, current, kept };
}
