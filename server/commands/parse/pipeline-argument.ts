import { readDocument } from '../../../schema/document.js';
import { Source } from '../../../schema/source.js';
import { keyProblem, textProblem } from '../../../schema/text-rules.js';
import type { ValueRule } from './grammar.js';
import { harmless } from './words.js';

/** `KEY=VALUE` of `--set`: the name of a parameter, and a YAML scalar or JSON. */
export const PIPELINE_ARGUMENT: ValueRule = {
  name: 'KEY=VALUE',
  pattern: /^[A-Za-z_]\w*=./,
  hint: 'Write the name of a parameter of the pipeline, `=` and a value: `--set epochs=20`.',
};

/** In front of a key it may be written, as on the command line. */
const PREFIX = /^(?:pipeline\.)?pipeline_args\./;

// eslint-disable-next-line no-control-regex -- these are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/**
 * Reads one `KEY=VALUE`. Its key is one below `pipeline_args`, and its value is what the configuration would hold.
 *
 * @returns it as it is recorded, the key without `pipeline_args.`; or what is wrong, in sentences
 */
export function readPipelineArgument(
  written: string,
): { readonly key: string; readonly value: string } | { readonly problem: string } {
  const equals = written.indexOf('=');
  const key = (equals < 0 ? written : written.slice(0, equals)).replace(PREFIX, '');
  const value = written.slice(equals + 1).trim();
  if (equals < 0)
    return { problem: `${harmless(written)} cannot be the value of \`--set\`. ${PIPELINE_ARGUMENT.hint}` };
  const problem = wrongKey(key) ?? wrongValue(key, value);
  return problem === undefined ? { key, value } : { problem };
}

function wrongKey(key: string): string | undefined {
  if (/^[A-Za-z_]\w*$/.test(key) && !keyProblem(key)) return undefined;
  if (key.includes('.') || key.includes('['))
    return `${harmless(key)} cannot be set in a comment: only arguments of the pipeline can, each as a whole. Change the rest of \`config_files/config.yaml\` in a commit.`;
  return `${harmless(key)} cannot be the name of a parameter. ${PIPELINE_ARGUMENT.hint}`;
}

function wrongValue(key: string, text: string): string | undefined {
  const of = `The value of ${harmless(key)}`;
  if (text.includes('{{'))
    return `${of} holds two opening braces in a row, which Argo would evaluate as a template. Write a space between them.`;
  if (CONTROL.test(text) || textProblem(text, 'text')) return `${of} holds a control character. Remove it.`;
  const { tree, diagnostics } = readDocument(new Source('--set', text));
  if (diagnostics.some(({ code }) => code === 'TEMPLATE_TAG'))
    return `${of} holds two opening braces in a row, which Argo would evaluate as a template. Write a space between them.`;
  if (diagnostics.length > 0)
    return `${of} is neither a YAML scalar nor JSON. Put a text with special characters in two pairs of quotes: \`--set name='"a: b"'\`.`;
  if (!tree || (tree.kind === 'scalar' && tree.value === null))
    return `${of} is empty. To use the default of the pipeline, leave it out. For an empty text, write two pairs of quotes: \`--set name='""'\`.`;
  const isBlock = tree.kind !== 'scalar' && !/^[[{]/.test(text);
  // A comment of YAML would be lost.
  if (isBlock || text.slice(tree.range[1]).trim() !== '')
    return `${of} has ${isBlock ? 'a colon or a dash' : '`#` after a space'}, which means something else in YAML. Put the text in two pairs of quotes: \`--set name='"a: b"'\`.`;
  return undefined;
}
