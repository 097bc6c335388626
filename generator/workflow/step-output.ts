import { DIGEST_PATTERN } from '../../schema/index.js';

/** What a task reports, as the task's DAG names it. */
export interface StepOutput {
  readonly task: string;
  readonly parameter: string;
}

/** A digest that a task reports, or a known digest. */
export type ImageDigest = StepOutput | { readonly digest: string };

/** What a step gets instead of a reported value that doesn't have the form that it must have. */
export const INVALID = 'invalid';

/** Ids of Kubeflow Pipelines are UUIDs; other servers may write other plain words. */
export const KFP_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** The forms that a reported value may have. Argo reads them with Go's regexp, where `$` is the end of the text. */
const OUTPUT_FORMS = { digest: DIGEST_PATTERN, kfpId: KFP_ID.source } as const;

type OutputForm = keyof typeof OUTPUT_FORMS;

/**
 * Argo's tag for what a task reported. Argo substitutes a task's arguments, and the result at least twice more (for the
 * called template, and for its pod): a reported text that looks like a tag would be evaluated by Argo's controller. So
 * the tag gives the value only if it has its form, in which no brace can be, and {@link INVALID} otherwise.
 */
export function checkedOutput(output: StepOutput, form: OutputForm): string {
  const value = valueOf(output);
  return tag(`${matches(output, form)} ? ${value} : '${INVALID}'`);
}

/** A digest as an argument of a task: the text itself, or Argo's tag for it. */
export function digestText(digest: ImageDigest): string {
  return 'digest' in digest ? digest.digest : checkedOutput(digest, 'digest');
}

/** Argo's tag for an image by the digest that its build reported, and for another image where that is none. A known digest needs no tag. */
export function checkedImage(repository: string, digest: ImageDigest, otherwise: string): string {
  if ('digest' in digest) return `${repository}@${digest.digest}`;
  const image = `${quoted(`${repository}@`)} + ${valueOf(digest)}`;
  return tag(`${matches(digest, 'digest')} ? ${image} : ${quoted(otherwise)}`);
}

/** The plain reference by which a nested DAG reports what one of its tasks did; it can contain nothing but a name. */
export function plainOutput({ task, parameter }: StepOutput): string {
  return `{{tasks.${task}.outputs.parameters.${parameter}}}`;
}

/** What may be a tag of {@link checkedOutput} or {@link checkedImage}: task, parameter, and what it gives. */
const CHECKED =
  /\{\{=tasks\['([\w-]+)'\]\.outputs\.parameters\['([\w-]+)'\] matches '\^[^']*\$' \? ([^{}]*)\}\}/g;
/** What such a tag gives: an image up to its digest, the value, and the text for a value without its form. */
const GIVEN = /^(?:'([^'\\]*)' \+ )?(tasks\['[\w-]+'\]\.outputs\.parameters\['[\w-]+'\]) : '[^'\\]*'$/;
const PLAIN = /^\{\{tasks\.([\w-]+)\.outputs\.parameters\.([\w-]+)\}\}$/;

/** @returns the text with what `fill` gives for each tag of a checked output in it; such a tag stays for `undefined` */
export function fillCheckedOutputs(text: string, fill: (output: StepOutput) => string | undefined): string {
  return text.replaceAll(CHECKED, (whole, task: string, parameter: string, given: string) => {
    const output = { task, parameter };
    const forms = Object.keys(OUTPUT_FORMS) as OutputForm[];
    const [, before = '', value] = GIVEN.exec(given) ?? [];
    const isChecked =
      value === valueOf(output) && forms.some((form) => whole === tag(`${matches(output, form)} ? ${given}`));
    const filled = isChecked ? fill(output) : undefined;
    return filled === undefined ? whole : `${before}${filled}`;
  });
}

/** @returns the output that a tag of {@link checkedOutput} gives; undefined for any other text */
export function parseCheckedOutput(text: string): StepOutput | undefined {
  const found: StepOutput[] = [];
  const rest = fillCheckedOutputs(text, (output) => {
    found.push(output);
    return '';
  });
  return rest === '' && found.length === 1 ? found[0] : undefined;
}

/** @returns the output that a reference of {@link plainOutput} names; undefined for any other text */
export function parsePlainOutput(text: string): StepOutput | undefined {
  const [, task, parameter = ''] = PLAIN.exec(text) ?? [];
  return task === undefined ? undefined : { task, parameter };
}

function matches(output: StepOutput, form: OutputForm): string {
  return `${valueOf(output)} matches '${OUTPUT_FORMS[form]}'`;
}

function valueOf({ task, parameter }: StepOutput): string {
  return `tasks['${task}'].outputs.parameters['${parameter}']`;
}

function tag(expression: string): string {
  return `{{=${expression}}}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, '\\$&')}'`;
}
