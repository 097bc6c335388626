import type { AuthorisedCommand } from '../../builds/authorised-command.js';
import { filesOf } from '../../builds/pull-request-files.js';
import { recheckingRunner } from '../../builds/recheck.js';
import { submit, type Submission } from '../../builds/submit.js';
import type { Work, ServerContext } from '../../context.js';
import { writtenFlags } from '../parse/command.js';

/** `/build` and `/build_run`: contexts, plan and workflow of the commit that was recorded. */
export function build(context: ServerContext, taken: AuthorisedCommand, work: Work): Promise<Submission> {
  const { command, comments, pullRequest, commit } = taken;
  const verb = command.verb === 'build_run' ? 'build_run' : 'build';
  const { repository, number } = pullRequest;
  return submit(
    context,
    {
      command: taken,
      identity: { pullRequest: { repository, number }, commit, verb, flags: writtenFlags(command) },
      force: command.flags.force === true,
      make: async (marks) => {
        const input = {
          files: await filesOf(context, pullRequest, commit),
          pullRequest: number,
          requestedBy: comments[0].author.login,
          run: verb === 'build_run',
          ...(command.flags['no-cache'] === true && { cache: false }),
          namespace: context.cluster.namespace,
          marks,
        };
        const workflow = await context.planner.do('build', input, { ...work, repository });
        return recheckingRunner(context, taken, work).submit(workflow);
      },
    },
    work,
  );
}
