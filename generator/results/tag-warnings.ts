import { enumerateFirst } from '../../common/enumerate.js';
import { cutEnd } from '../../schema/cut.js';
import { trimEndOf } from '../../schema/trim-end.js';
import type { SkipCause, TagOutput } from './step-outputs.js';

/** A tag that the step `tag` sets or checks. */
export interface TagTarget {
  /** With its registry, without a tag. */
  readonly repository: string;
  readonly tag: string;
}

/** What a workflow says of the images that were tagged or checked. */
export interface TaggedImages {
  /** By the image's name. */
  readonly targets: ReadonlyMap<string, TagTarget>;
  /** Names of the images that build on an image; none where that isn't known. */
  readonly basedOn: (base: string) => readonly string[];
}

/** Images that are named; the others are counted. */
const NAMED_IMAGES = 3;
/** Characters of what a registry said; the output and the log of the step have all of it. */
const LONGEST_REASON = 200;

const NEXT_STEPS: Readonly<Record<SkipCause, string>> = {
  login: 'Give the registry login of the builds permission to push there.',
  immutable: 'Allow the registry to change this tag, or use the digest of the image.',
  gone: 'Build again to push it again.',
};
const TRY_AGAIN = 'Build again; if this persists, ask the registry’s operator.';

/**
 * Says what the step `tag` could not do, and what to do next: one or two sentences for all images with the same reason.
 * Parts come from a registry; escape them for where they are shown. In them, `…` is code.
 */
export function tagWarnings(output: TagOutput, images: TaggedImages): readonly string[] {
  return [...skippedTags(output, images), ...checkedBases(output, images)];
}

function skippedTags(output: TagOutput, { targets }: TaggedImages): readonly string[] {
  const skipped = output.images.flatMap(({ name, result }) => {
    if (typeof result === 'string') return [];
    const { tag, repository } = targets.get(name) ?? {};
    return [{ name, tag, cause: result.cause, reason: clause(result.skipped), repository }];
  });
  const alike = grouped(skipped, ({ tag, reason, repository }) => [tag, withoutName(reason, repository)]);
  return alike.map(([first, ...others]) => {
    const { tag, reason, cause } = first;
    const what = tag === undefined ? 'the tag of this build' : `the tag ${code(tag)}`;
    const next = cause === undefined ? TRY_AGAIN : NEXT_STEPS[cause];
    return `${names([first, ...others])} did not get ${what}: ${reason}. ${next}`;
  });
}

function checkedBases({ bases }: TagOutput, { targets, basedOn }: TaggedImages): readonly string[] {
  const unknown = bases.flatMap(({ name, result }) =>
    typeof result === 'object' && 'unknown' in result
      ? [{ name, reason: clause(result.unknown), repository: targets.get(name)?.repository }]
      : [],
  );
  const alike = grouped(unknown, ({ reason, repository }) => [withoutName(reason, repository)]);
  return [
    ...bases.flatMap(({ name, result }) => {
      if (result === 'absent') return [deleted(name, targets.get(name)?.tag)];
      return typeof result === 'object' && 'other' in result ? [replaced(name, basedOn(name))] : [];
    }),
    ...alike.map(
      ([first, ...others]) =>
        `Cannot check whether another build replaced ${names([first, ...others])}: ${first.reason}. If another build ran at the same time, build again.`,
    ),
  ];
}

function replaced(base: string, basedOn: readonly string[]): string {
  const those = basedOn.length > 0 ? names(basedOn.map((name) => ({ name }))) : 'images that build on it';
  return `Another build replaced ${code(base)} during this one, so ${those} may be based on the other image. Build again to make sure.`;
}

function deleted(base: string, tag: string | undefined): string {
  const what = tag === undefined ? `The tag of ${code(base)}` : `The tag ${code(tag)} of ${code(base)}`;
  return `${what} is no longer in the registry, so the next build builds ${code(base)} again. Check the clean-up rules of the registry.`;
}

/** In the order of the first of each group. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => unknown): readonly (readonly [T, ...T[]])[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const key = JSON.stringify(keyOf(item));
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}

/** A registry that refuses all images says the same of each repository. */
function withoutName(reason: string, repository: string | undefined): string {
  return repository === undefined ? reason : reason.replaceAll(repository, '');
}

/** `a`, `b`, `c` and 2 more, each as code. */
function names(images: readonly { readonly name: string }[]): string {
  return enumerateFirst(
    images.map(({ name }) => code(name)),
    NAMED_IMAGES,
  );
}

function clause(text: string): string {
  const plain = trimEndOf(cutEnd(text.replaceAll('`', '’'), LONGEST_REASON).trim(), '.');
  return plain === '' ? 'the step gave no reason' : plain;
}

function code(text: string): string {
  return `\`${text.replaceAll('`', '’')}\``;
}
