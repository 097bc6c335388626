const COMMIT = 'A comment cannot override the configuration. Change `config_files/config.yaml` in a commit.';
const SETTINGS = "The server's settings decide this.";
const FOLLOWED = 'The comment shows each build and run to its end.';

const SET =
  'Only a command that runs the pipeline sets its arguments: `build_run --set KEY=VALUE` or `run --set KEY=VALUE`.';

/** Flags that `kfc`, the command line of the Kfops of 2022, had, and that mean nothing in a comment or for a verb. */
const ANSWERS: Readonly<Record<string, string>> = {
  '--set': SET,
  '--config-override': COMMIT,
  '-o': COMMIT,
  '--kubeflow-url': SETTINGS,
  '--namespace': SETTINGS,
  '-n': SETTINGS,
  '--wait-until-complete': FOLLOWED,
  '--wait': FOLLOWED,
  '-w': FOLLOWED,
};

/** @returns why a flag of `kfc` isn't understood in a comment; undefined for every other word */
export function kfcAnswer(word: string): string | undefined {
  return Object.hasOwn(ANSWERS, word) ? ANSWERS[word] : undefined;
}
