import { build, buildRequest } from './build.js';
import { SET } from './set.js';
import type { Verb } from './verb.js';

/** `/build_run`: a build with one more step. */
export const buildRun: Verb = {
  ...build,
  name: 'build_run',
  flags: [...build.flags, SET],
  help: 'does the same as `build`, then runs the pipeline',
  starts: 'a workflow that builds images, compiles, publishes and runs the pipeline',
  examples: [
    ['', 'builds what changed, publishes the pipeline and runs it'],
    ['--set epochs=20', 'the same, with 20 for the argument `epochs` of the run'],
  ],
  run: (context, authorised, work) => buildRequest(context, authorised, 'build_run', work),
};
