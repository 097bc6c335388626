/** A word as a POSIX shell takes it literally, quoted only where it must be; for commands that a person copies. */
export function shellQuote(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`;
}

/** A command line that a person can copy. */
export function shellLine(words: readonly string[]): string {
  return words.map(shellQuote).join(' ');
}
