import type { Argument, Dockerfile, Span } from './dockerfile.js';
import { expand, type Expansion } from './expand.js';
import { ExpansionError } from './expansion-error.js';

/** `--build-arg` values, in their order. */
export type BuildArguments = readonly (readonly [name: string, value: string])[];

/** How much text the arguments can hold: they can hold each other, many times. */
const MOST_CHARACTERS = 2 ** 22;

/** The variables that the names of images can use. */
export interface Variables {
  /** Expands the name of a base image, which Kaniko does twice. */
  expandBase(name: string): BaseName;
  /** Their values. */
  readonly values: ReadonlyMap<string, string>;
  /** Arguments that Kaniko refuses. */
  readonly problems: readonly (Span & { readonly message: string })[];
}

/** What `FROM` names. */
export interface BaseName {
  /** What Kaniko compares with the names of stages. */
  readonly stage: string;
  /** What it pulls. */
  readonly image: string;
  readonly unset: readonly string[];
}

/**
 * The arguments before the first `FROM`, with their values as Kaniko gives them. It uses a build argument also where no
 * `ARG` declares it, and keeps only what is between the first two `=` of its value; an empty one does not override.
 *
 * @see https://github.com/GoogleContainerTools/kaniko/blob/v1.24.0/pkg/dockerfile/dockerfile.go
 */
export function globalVariables({ globalArguments }: Dockerfile, buildArgs: BuildArguments): Variables {
  const { declared, problems } = declaredValues(globalArguments, buildArgs);
  const first = new Map<string, string>();
  for (const [name, value] of declared) if (value !== undefined) first.set(name, value);
  for (const [name, value] of buildArgs) {
    const [used = ''] = value.split('=', 1);
    if (used !== '') first.set(name, used);
  }
  const second = new Map(declared.map(([name, value = '']) => [name, value]));
  for (const [name, value] of buildArgs) second.set(name, value);
  return {
    problems,
    values: second,
    expandBase: (name) => {
      const stage = expand(name, first);
      const image: Expansion = expand(stage.value, second);
      return { stage: stage.value, image: image.value, unset: [...stage.unset, ...image.unset] };
    },
  };
}

function declaredValues(
  declarations: readonly Argument[],
  buildArgs: BuildArguments,
): {
  declared: readonly (readonly [name: string, value: string | undefined])[];
  problems: Variables['problems'];
} {
  const given = new Map(buildArgs);
  const known = new Map(given);
  const problems: (Span & { message: string })[] = [];
  let characters = 0;
  const declared = declarations.map(({ name, value, start, end }) => {
    if (value === undefined) return [name, undefined] as const;
    try {
      const { value: expanded } = expand(withoutQuotes(value), known);
      characters += expanded.length;
      if (characters > MOST_CHARACTERS) throw new ExpansionError('the arguments are too long');
      if (!given.has(name)) known.set(name, expanded);
      return [name, expanded] as const;
    } catch (error) {
      if (!(error instanceof ExpansionError)) throw error;
      problems.push({ message: error.message, start, end });
      return [name, undefined] as const;
    }
  });
  return { declared, problems };
}

/**
 * Removes the quotes around a value; Kaniko looks at its ends only.
 *
 * @throws ExpansionError where one end has a quote, and the other has none
 */
function withoutQuotes(value: string): string {
  if (value.length < 2) return value;
  const isEscaped = /^\\['"]/.test(value);
  const leader = isEscaped ? value.slice(0, 2) : (/^['"]/.exec(value)?.[0] ?? '');
  const tail = (isEscaped ? /\\['"]$/ : /['"]$/).exec(value)?.[0] ?? '';
  if (leader !== tail) throw new ExpansionError('only one end of the value has a quote');
  return leader === '' || isEscaped ? value : value.slice(1, -1);
}
