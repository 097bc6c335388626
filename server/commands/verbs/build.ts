import type { AuthorisedCommand } from '../../builds/authorised-command.js';
import { filesOf } from '../../builds/pull-request-files.js';
import { recheckingRunner } from '../../builds/recheck.js';
import type { WorkflowRequest } from '../../builds/submit.js';
import type { Work, ServerContext } from '../../context.js';
import { setArguments, writtenFlags } from '../parse/command.js';
import { IMAGES } from './images.js';
import type { Verb } from './verb.js';

/** `/build` */
export const build: Verb = {
  name: 'build',
  names: IMAGES,
  flags: [
    {
      name: 'force',
      help: 'builds every image again, even if nothing changed or this commit is being built or was built',
    },
    { name: 'no-cache', help: 'disables the layer cache' },
  ],
  help: 'builds what changed, or the images that you name, then compiles and publishes the pipeline',
  starts: 'a workflow that builds images, compiles and publishes the pipeline',
  examples: [
    ['', 'builds what changed'],
    ['trainer --no-cache', 'builds `trainer` and the images that it is based on, without the layer cache'],
  ],
  readsFiles: true,
  isShared: ({ force }) => force !== true,
  run: (context, authorised, work) => buildRequest(context, authorised, 'build', work),
};

/** A build: contexts, plan and workflow of the recorded commit. */
export function buildRequest(
  context: ServerContext,
  authorised: AuthorisedCommand,
  verb: 'build' | 'build_run',
  work: Work,
): WorkflowRequest {
  const { command, comments, pullRequest, commit } = authorised;
  const { repository, number } = pullRequest;
  const { images } = command;
  return {
    command: authorised,
    identity: {
      origin: { repository, number },
      commit,
      verb,
      ...(images && { images }),
      flags: writtenFlags(command),
    },
    force: command.flags.force === true,
    make: async (identity) => {
      const input = {
        files: await filesOf(context, pullRequest, commit),
        pullRequest: number,
        baseBranch: pullRequest.base.branch,
        base: pullRequest.base.commit,
        requestedBy: comments[0].author.login,
        run: verb === 'build_run',
        set: setArguments(command),
        ...(command.flags['no-cache'] === true && { cache: false }),
        ...(images && { only: images }),
        ...(command.flags.force === true && { force: true }),
        namespace: context.cluster.namespaceOf(repository),
        identity,
      };
      const workflow = await context.planner.do('build', input, { ...work, repository });
      return recheckingRunner(context, authorised, work).submit(workflow);
    },
  };
}
