/** The verbs that `kfc`, the command of the Kfops of 2022, had too. */
const VERBS = new Set(['build', 'build_run', 'run']);

/** Flags that only `kfc` had (its package/kfops/cli.py), and what to use. `-n`, `--set` and `--version-id` still work. */
const ANSWERS: Readonly<Record<string, string>> = {
  '--kubeflow-url': 'Set `kfp` in a settings file, and name the file with --settings or KFOPS_SETTINGS.',
  '-o': 'Use --config-override.',
  '-w': 'Use --wait.',
  '--wait-until-complete': 'Use --wait.',
};

/** How Commander refuses an option, with its suggestion. */
const UNKNOWN = /^error: unknown option '(--?[a-z-]+)[^\n]*(\n\(Did you mean [^\n]*\?\))?/;

/**
 * An error of Commander about a flag of `kfc`, with what to use in its place.
 *
 * @param argv - the arguments of the call
 */
export function withKfcFlag(error: string, argv: readonly string[]): string {
  if (!VERBS.has(argv.find((word) => !word.startsWith('-')) ?? '')) return error;
  const [whole = '', flag = '', suggestion = ''] = UNKNOWN.exec(error) ?? [];
  const answer = Object.hasOwn(ANSWERS, flag) ? ANSWERS[flag] : undefined;
  if (answer === undefined) return error;
  const refusal = whole.slice(0, whole.length - suggestion.length);
  return `${refusal}\n(kfc of 2022 had it. ${answer})${error.slice(whole.length)}`;
}
