/** What can be asked for in a comment. */
export type Verb =
  | 'build'
  | 'build_run'
  | 'run'
  | 'plan'
  | 'status'
  | 'cancel'
  | 'retry'
  | 'help'
  | 'ok-to-test'
  | 'deploy'
  | 'staging_deploy';

/** One flag of a verb. */
export interface FlagRule {
  readonly name: string;
  /** What its value must look like, for people; absent: the flag takes no value. */
  readonly value?: { readonly name: string; readonly pattern: RegExp; readonly hint: string };
  /** For `/help`. */
  readonly description: string;
}

/** What may follow a verb. */
export interface VerbRule {
  readonly verb: Verb;
  readonly flags: readonly FlagRule[];
  /** The one word after the verb; absent: it takes none. */
  readonly argument?: { readonly name: string; readonly pattern: RegExp; readonly hint: string };
  /** Whatever follows is passed over: the answer is the same. */
  readonly anything?: true;
  /** One sentence for `/help`. */
  readonly description: string;
}

const BUILD_FLAGS: readonly FlagRule[] = [
  { name: 'force', description: 'Build again, although this commit is being built or was built.' },
  { name: 'no-cache', description: 'Do not take layers from the cache.' },
];

/** Every verb, in the order in which `/help` lists them. */
export const VERBS: readonly VerbRule[] = [
  {
    verb: 'build',
    flags: BUILD_FLAGS,
    description: 'Builds all images, then compiles and publishes the pipeline.',
  },
  { verb: 'build_run', flags: BUILD_FLAGS, description: 'The same, then runs the pipeline.' },
  {
    verb: 'run',
    flags: [
      {
        name: 'version-id',
        value: {
          name: 'ID',
          // Kubeflow's names of versions have at most 127 characters.
          pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,126}$/,
          hint: 'Copy it from Kubeflow or from the comment of the build: letters, digits, `.`, `_` and `-`.',
        },
        description: 'Another version than the one that was published last.',
      },
    ],
    description: 'Runs what the last successful build of this pull request published.',
  },
  { verb: 'plan', flags: [], description: 'Says what a build would do; nothing is built.' },
  { verb: 'status', flags: [], description: 'Says how the build goes.' },
  { verb: 'cancel', flags: [], description: 'Stops the build.' },
  { verb: 'retry', flags: [], description: 'Does again what failed, and only that.' },
  {
    verb: 'ok-to-test',
    flags: [],
    argument: {
      name: 'COMMIT',
      pattern: /^[0-9a-fA-F]{40}$/,
      hint: 'Name the commit that you have read, by all 40 digits of its id.',
    },
    description: 'Lets this commit of a fork be built.',
  },
  { verb: 'help', flags: [], anything: true, description: 'Lists these commands.' },
  { verb: 'deploy', flags: [], anything: true, description: 'Not there yet.' },
  { verb: 'staging_deploy', flags: [], anything: true, description: 'Not there yet.' },
];

/** Which verbs need an approved commit where the pull request comes from a fork: those that read its files. */
export const READS_FILES: ReadonlySet<Verb> = new Set<Verb>(['build', 'build_run', 'run', 'plan', 'retry']);

/** @returns the verb as it is written with what may follow it: `/build [--force] [--no-cache]`. */
export function usage({ verb, flags, argument }: VerbRule, prefix?: string): string {
  return [
    prefix === undefined ? `/${verb}` : `${prefix} ${verb}`,
    ...(argument ? [argument.name] : []),
    ...flags.map(({ name, value }) => `[--${name}${value ? `=${value.name}` : ''}]`),
  ].join(' ');
}
