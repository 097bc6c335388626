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

/** The one word after a verb. */
export interface ArgumentRule extends ValueRule {
  /** What it is, for people: `a full commit id`. */
  readonly what: string;
  /** It can be left out. */
  readonly optional?: true;
  /** It keeps its capitals; else it is read in lower case. */
  readonly caseMatters?: true;
}

/** What may follow a verb. */
export interface VerbGrammar {
  readonly name: string;
  readonly flags: readonly FlagRule[];
  /** The one word after the verb; absent: there is none. */
  readonly argument?: ArgumentRule;
  /** Each of the names after the verb, of which there may be none; absent: it takes no names. */
  readonly names?: ValueRule;
  /** Nothing after the verb is wrong: what isn't its argument is ignored. */
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
  return [
    name,
    ...(argument ? [argument.optional ? `[${argument.name}]` : argument.name] : []),
    ...(names ? [`[${names.name}...]`] : []),
  ].join(' ');
}

/** @returns a flag as it is written: `--version-id=ID`, `--set KEY=VALUE`. */
export function flagUsage({ name, value, isSet }: FlagRule): string {
  return `--${name}${value ? `${isSet ? ' ' : '='}${value.name}` : ''}`;
}
