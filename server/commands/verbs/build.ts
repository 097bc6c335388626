import type { AuthorisedCommand } from '../../builds/authorised-command.js';
import { filesOf } from '../../builds/pull-request-files.js';
import { recheckingRunner } from '../../builds/recheck.js';
import type { WorkflowRequest } from '../../builds/submit.js';
import type { Work, ServerContext } from '../../context.js';
import { writtenFlags } from '../parse/command.js';

/** `/build` and `/build_run`: contexts, plan and workflow of the recorded commit. */
export function build(context: ServerContext, authorised: AuthorisedCommand, work: Work): WorkflowRequest {
  const { command, comments, pullRequest, commit } = authorised;
  const verb = command.verb === 'build_run' ? 'build_run' : 'build';
  const { repository, number } = pullRequest;
  return {
    command: authorised,
    identity: { pullRequest: { repository, number }, commit, verb, flags: writtenFlags(command) },
    force: command.flags.force === true,
    make: async (identity) => {
      const input = {
        files: await filesOf(context, pullRequest, commit),
        pullRequest: number,
        requestedBy: comments[0].author.login,
        run: verb === 'build_run',
        ...(command.flags['no-cache'] === true && { cache: false }),
        namespace: context.cluster.namespace,
        identity,
      };
      const workflow = await context.planner.do('build', input, { ...work, repository });
      return recheckingRunner(context, authorised, work).submit(workflow);
    },
  };
}
