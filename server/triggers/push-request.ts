import type { CountedCommand } from '../builds/pick-ups.js';
import { filesOf, type ChangedFiles } from '../builds/pull-request-files.js';
import { recheckPush } from '../builds/recheck.js';
import type { WorkflowRequest } from '../builds/submit.js';
import type { ServerContext, Work } from '../context.js';
import type { PushEvent } from '../ports.js';

/** A push that is built. */
export interface PushBuild {
  readonly event: PushEvent;
  readonly verb: 'build' | 'build_run';
  /** Of the push. */
  readonly command: CountedCommand;
  readonly files: ChangedFiles;
}

/** The build that a push asks for. */
export function pushRequest(
  context: ServerContext,
  { event, verb, command, files }: PushBuild,
  work: Work,
): WorkflowRequest {
  const { origin, before, sender } = event;
  const { repository, commit, ref } = origin;
  return {
    command,
    identity: { origin, commit, verb, flags: [] },
    // Whatever was built for this commit before: the branch may have come back to it, and its schedules with it.
    force: true,
    make: async (identity) => {
      const input = {
        files: await filesOf(context, files, commit),
        ...(before !== undefined && { base: before }),
        ref,
        // What its run produces is compared with what the last one of the branch did.
        baseBranch: files.base.branch,
        requestedBy: sender.login,
        run: verb === 'build_run',
        set: [],
        // The file of another branch, or of a tag, is not the one that counts.
        applySchedules: ref.kind === 'branch' && ref.name === files.defaultBranch,
        namespace: context.cluster.namespaceOf(repository),
        identity,
      };
      const workflow = await context.planner.do('build', input, { ...work, repository });
      return recheckPush(context, event, command, work).submit(workflow);
    },
  };
}
