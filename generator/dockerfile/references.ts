import type { Dockerfile, ImageUse, Instruction, Span, Stage } from './dockerfile.js';
import { expand } from './expand.js';
import { ExpansionError } from './expansion-error.js';
import { copyFrom } from './flags.js';
import { globalVariables, type BaseName, type BuildArguments, type Variables } from './global-arguments.js';
import { mountSource } from './mounts.js';
import { PlaceFinder } from './places.js';

/** What decides which images a build uses. */
export interface BuildOptions {
  readonly buildArgs: BuildArguments;
  /** Name of the stage to build; absent: the last. */
  readonly target?: string;
  /** `os/arch[/variant]` for `BUILDPLATFORM` and `TARGETPLATFORM` in `FROM --platform`. */
  readonly platform?: string;
}

/** The images that a Dockerfile uses. */
export interface Images {
  /** In the order of the file. `scratch` and the file's own stages are left out. */
  readonly uses: readonly ImageUse[];
  /** The use that the target begins with, through the stages before it; absent for `scratch`. */
  readonly finalBase?: ImageUse;
  /** No stage has the target's name: Kaniko 1.24 refuses the build. The target can be the number of a stage. */
  readonly isTargetMissing: boolean;
}

/** A use without its line and column. */
type Found = Omit<ImageUse, 'line' | 'column' | 'stage' | 'isNeeded'>;

/** Finds the images that a build uses, as Kaniko 1.24 resolves them. */
export function findImages(dockerfile: Dockerfile, options: BuildOptions): Images {
  const { stages } = dockerfile;
  const named = targetStage(stages, options.target);
  const target = named ?? numberedStage(stages, options.target);
  const variables = globalVariables(dockerfile, options.buildArgs);
  const places = new PlaceFinder(dockerfile.text);
  const names = new Map<string, number>();
  /** By stage, the image that it begins with. */
  const roots: (ImageUse | undefined)[] = [];
  const uses = stages.flatMap((stage): ImageUse[] => {
    const base = baseOf(stage, names, variables, options);
    // For Kaniko, a stage knows its own name.
    const known = stage.name === undefined ? names : names.set(stage.name, stage.index);
    const others = stage.instructions.flatMap((instruction) => [
      ...copyUses(instruction, known),
      ...mountUses(instruction, known),
    ]);
    const own = base === undefined || typeof base === 'number' ? [] : [base];
    const found = [...own, ...others].map((use) => ({
      ...use,
      ...places.place(use.start),
      stage: stage.index,
      isNeeded: target !== undefined && stage.index <= target,
    }));
    roots.push(typeof base === 'number' ? roots[base] : own.length > 0 ? found[0] : undefined);
    return found;
  });
  const finalBase = target === undefined ? undefined : roots[target];
  return {
    uses,
    ...(finalBase && { finalBase }),
    isTargetMissing: named === undefined && stages.length > 0,
  };
}

/**
 * Index of the stage that Kaniko builds: of several with the target's name the first. It takes no numbers.
 *
 * @returns undefined if no stage has this name
 */
export function targetStage(stages: readonly Stage[], target = ''): number | undefined {
  if (target === '') return stages.at(-1)?.index;
  return stages.find(({ name }) => name === target.toLowerCase())?.index;
}

/** Index of the stage that the target is the number of, for builders that take one. */
export function numberedStage(stages: readonly Stage[], target = ''): number | undefined {
  return isNumber(target) ? stages[Number(target)]?.index : undefined;
}

/** @returns the image that a stage begins with, or the number of the stage; undefined for `scratch` */
function baseOf(
  { base, from }: Stage,
  names: ReadonlyMap<string, number>,
  variables: Variables,
  options: BuildOptions,
): Found | number | undefined {
  const platform = platformOf(from, variables, options.platform);
  const use = {
    kind: 'base' as const,
    written: base.text,
    ...withoutQuotes(base),
    ...(platform !== undefined && { platform }),
  };
  let name: BaseName;
  try {
    name = variables.expandBase(base.text);
  } catch (error) {
    if (!(error instanceof ExpansionError)) throw error;
    return { ...use, unresolved: error.variable ?? base.text };
  }
  if (name.image === 'scratch') return undefined;
  const before = names.get(name.stage.toLowerCase());
  if (before !== undefined) return before;
  const [unresolved] = name.unset;
  if (unresolved !== undefined) return { ...use, unresolved };
  return name.image === '' ? { ...use, unresolved: base.text } : { ...use, reference: name.image };
}

function platformOf(
  { flags }: Instruction,
  { values }: Variables,
  platform: string | undefined,
): string | undefined {
  const written = flags.find(({ name }) => name === 'platform')?.value;
  if (written === undefined) return undefined;
  const variables = new Map(values);
  if (platform !== undefined) variables.set('BUILDPLATFORM', platform).set('TARGETPLATFORM', platform);
  try {
    const { value, unset } = expand(written, variables);
    return unset.length > 0 || value === '' ? undefined : value;
  } catch (error) {
    if (error instanceof ExpansionError) return undefined;
    throw error;
  }
}

function copyUses(instruction: Instruction, names: ReadonlyMap<string, number>): Found[] {
  const flag = copyFrom(instruction);
  if (!flag?.value) return [];
  return use('copy', flag.value, flag.span(0, flag.value.length), names);
}

function mountUses({ keyword, flags }: Instruction, names: ReadonlyMap<string, number>): Found[] {
  if (keyword !== 'RUN') return [];
  return flags.flatMap((flag) => {
    const { name, value } = flag;
    const source = name === 'mount' && value !== undefined ? mountSource(value) : undefined;
    return source ? use('mount', source.from, flag.span(source.start, source.end), names) : [];
  });
}

/** Kaniko expands no variables here. */
function use(
  kind: 'copy' | 'mount',
  written: string,
  span: Span,
  names: ReadonlyMap<string, number>,
): Found[] {
  if (written === 'scratch' || isNumber(written) || names.has(written.toLowerCase())) return [];
  const variable = written.includes('$') ? (/\$\{?(\w+)/.exec(written)?.[1] ?? written) : undefined;
  return [
    {
      kind,
      written,
      ...span,
      ...(variable === undefined ? { reference: written } : { unresolved: variable }),
    },
  ];
}

/** @returns whether Kaniko takes a name for the number of a stage. */
export function isNumber(name: string): boolean {
  return /^[+-]?\d+$/.test(name);
}

/** A name in quotes is replaced between them. */
function withoutQuotes({ text, start, end }: { readonly text: string } & Span): Span {
  const isQuoted = /^(?:'[^'"\\]*'|"[^'"\\]*")$/.test(text);
  return isQuoted ? { start: start + 1, end: end - 1 } : { start, end };
}
