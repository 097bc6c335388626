import type { FlagRule } from '../parse/grammar.js';
import { PIPELINE_ARGUMENT } from '../parse/pipeline-argument.js';

/** `--set` of the verbs that run the pipeline. */
export const SET: FlagRule = {
  name: 'set',
  isSet: true,
  value: PIPELINE_ARGUMENT,
  help: 'sets one argument of the pipeline for this run; can be repeated',
};
