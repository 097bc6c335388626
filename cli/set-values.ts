/** A key and its value, as `--set` takes them; the name of an image has no `=`. */
const VALUE = /^[A-Za-z_]\w*(?:\.\w+)*=/;

/**
 * Gives each value after a `--set` a `--set` of its own: `--set a=1 b=2`, as `kfc` of 2022 took them.
 *
 * @param isThere - whether a file or folder has this name: then it's the repository's folder
 */
export function separateSetValues(argv: readonly string[], isThere: (word: string) => boolean): string[] {
  const end = argv.indexOf('--');
  const words = end === -1 ? argv : argv.slice(0, end);
  const result: string[] = [];
  let isValues = false;
  words.forEach((word, i) => {
    const isFirst = words[i - 1] === '--set';
    const isFurther = isValues && !isFirst && VALUE.test(word) && !isThere(word);
    if (isFurther) result.push('--set');
    result.push(word);
    isValues = isFirst || isFurther || word.startsWith('--set=');
  });
  return [...result, ...argv.slice(words.length)];
}
