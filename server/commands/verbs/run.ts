import type { CommandReply, AuthorisedCommand } from '../../builds/authorised-command.js';
import { filesOf } from '../../builds/pull-request-files.js';
import { recheckingRunner } from '../../builds/recheck.js';
import { refuses } from '../../builds/replies.js';
import type { WorkflowRequest } from '../../builds/submit.js';
import type { Work, ServerContext } from '../../context.js';
import { writtenFlags } from '../parse/command.js';

/**
 * `/run`: a workflow that runs what the last successful build of this pull request published, found by the version's
 * name, or the version that the command names. Experiment and arguments are those of the commit's configuration.
 */
export function runPublished(
  context: ServerContext,
  authorised: AuthorisedCommand,
  work: Work,
): WorkflowRequest | CommandReply {
  const { command, comments, pullRequest, commit, conversation } = authorised;
  const { repository, number } = pullRequest;
  const { settings } = context;
  if (settings.kfp === undefined) {
    return refuses(
      'This server knows no Kubeflow Pipelines to run a pipeline in.',
      'Ask its operator to set `kfp` in the settings.',
    );
  }
  const asked = command.flags['version-id'];
  const built = conversation.builds.find(({ state, published }) => state === 'succeeded' && published);
  if (typeof asked !== 'string' && !built?.published) {
    return refuses(
      'No build of this pull request has published a pipeline yet.',
      'Write `build_run`, or name a version: `run --version-id=ID`.',
    );
  }
  return {
    command: authorised,
    identity: { pullRequest: { repository, number }, commit, verb: 'run', flags: writtenFlags(command) },
    // A new run each time, also of the same version.
    force: true,
    make: async (identity) => {
      const input = {
        files: await filesOf(context, pullRequest, commit),
        pullRequest: number,
        requestedBy: comments[0].author.login,
        version:
          typeof asked === 'string' ? { versionId: asked } : { version: built?.published?.version ?? '' },
        namespace: context.cluster.namespace,
        identity,
      };
      const workflow = await context.planner.do('run', input, { ...work, repository });
      return recheckingRunner(context, authorised, work).submit(workflow);
    },
  };
}
