/** One flag of a verb. */
export interface FlagRule {
  readonly name: string;
  /** What its value must look like, for people; absent: the flag has no value. */
  readonly value?: ValueRule;
  /** It is `--set`: can be given several times, each with another key; its value is read as `pipeline-argument.ts` says. */
  readonly isSet?: true;
  /** What it does, as a clause for `help`. */
  readonly help: string;
}

/** What a flag's value or an argument must look like. */
export interface ValueRule {
  /** For usages: `COMMIT`. */
  readonly name: string;
  readonly pattern: RegExp;
  /** One or two sentences for people who wrote something else. */
  readonly hint: string;
}

/** What may follow a verb. */
export interface VerbGrammar {
  readonly name: string;
  readonly flags: readonly FlagRule[];
  /** The one word after the verb; absent: there is none. */
  readonly argument?: ValueRule;
  /** Each of the names after the verb, of which there may be none; absent: it takes no names. */
  readonly names?: ValueRule;
  /** Everything after the verb is ignored: the answer is the same. */
  readonly ignoresRest?: true;
}

/** @returns the verb as it is written with what may follow it: `/build [IMAGE...] [--force] [--no-cache]`. */
export function usage({ flags, ...verb }: VerbGrammar, prefix?: string): string {
  return [
    prefix === undefined ? `/${operands(verb)}` : `${prefix} ${operands(verb)}`,
    ...flags.map((flag) => `[${flagUsage(flag)}]${flag.isSet ? '...' : ''}`),
  ].join(' ');
}

/** @returns the verb with its operands, without flags: `build [IMAGE...]`. */
export function operands({ name, argument, names }: Omit<VerbGrammar, 'flags'>): string {
  return [name, ...(argument ? [argument.name] : []), ...(names ? [`[${names.name}...]`] : [])].join(' ');
}

/** @returns a flag as it is written: `--version-id=ID`, `--set KEY=VALUE`. */
export function flagUsage({ name, value, isSet }: FlagRule): string {
  return `--${name}${value ? `${isSet ? ' ' : '='}${value.name}` : ''}`;
}
