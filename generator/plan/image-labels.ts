import { githubWeb } from '../../schema/github-web.js';
import type { Project } from '../project/project.js';
import { insideOf } from '../reuse/bases.js';
import type { Decided } from '../reuse/decide.js';
import type { ImageDecision } from '../reuse/decision.js';
import {
  BASE_DIGEST_LABEL,
  BASE_NAME_LABEL,
  baseLabel,
  KEY_LABEL,
  REVISION_LABEL,
  SOURCE_LABEL,
} from '../reuse/labels.js';
import type { ImageLinks } from './link-images.js';
import type { ImageLabel, PlannedImage } from './plan-types.js';

const UNKNOWN = '';

/** An image of the plan as a base of another one. */
interface InsideBase {
  readonly name: string;
  /** With the tag or digest under which it is used. */
  readonly reference: string;
  readonly decision: ImageDecision | undefined;
}

/**
 * The labels of an image: where it comes from, by the OCI image specification, and by what Kfops finds it again. No time
 * is among them, which would give the same image another digest each time.
 *
 * A label of the specification is empty if its value isn't known. Without it the image would have the value of its base:
 * Kaniko adds labels to those of the base (`initConfig` in its pkg/executor/build.go).
 */
export function imageLabels(
  { source, config, settings }: Project,
  image: PlannedImage,
  link: ImageLinks,
  { key, outside }: Decided,
  inside: (index: number) => InsideBase,
): readonly ImageLabel[] {
  const { owner, name } = config.value.repository;
  const { commit } = source.revision;
  return [
    { name: SOURCE_LABEL, value: `${githubWeb(settings.server.github.api_url)}/${owner}/${name}` },
    { name: REVISION_LABEL, value: (image.isCommit ? commit : undefined) ?? UNKNOWN },
    ...(key === undefined ? [] : [{ name: KEY_LABEL, value: key }]),
    ...finalBaseLabels(link, outside, inside),
    ...(key === undefined
      ? []
      : insideOf(link).map((index) => digestLabel(baseLabel(inside(index).name), inside(index)))),
  ];
}

function finalBaseLabels(
  { finalBase }: ImageLinks,
  outside: Decided['outside'],
  inside: (index: number) => InsideBase,
): readonly ImageLabel[] {
  if (finalBase?.image !== undefined) {
    const base = inside(finalBase.image);
    return [{ name: BASE_NAME_LABEL, value: base.reference }, digestLabel(BASE_DIGEST_LABEL, base)];
  }
  const reference = finalBase?.use.reference;
  const base = reference === undefined ? undefined : outside.get(reference);
  const isKnown = reference !== undefined && base !== undefined && 'digest' in base;
  return [
    { name: BASE_NAME_LABEL, value: isKnown ? reference : UNKNOWN },
    { name: BASE_DIGEST_LABEL, value: isKnown ? base.digest : UNKNOWN },
  ];
}

function digestLabel(label: string, { name, decision }: InsideBase): ImageLabel {
  return decision?.action === 'reuse'
    ? { name: label, value: decision.digest }
    : { name: label, digestOf: name };
}
