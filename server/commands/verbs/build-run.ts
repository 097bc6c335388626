import { build, buildRequest } from './build.js';
import { SET } from './set.js';
import type { Verb } from './verb.js';

/** `/build_run`: a build with one more step. */
export const buildRun: Verb = {
  ...build,
  name: 'build_run',
  flags: [...build.flags, SET],
  help: 'the same, then runs the pipeline',
  run: (context, authorised, work) => buildRequest(context, authorised, 'build_run', work),
};
