import type { CommandReply, AuthorisedCommand } from '../../builds/authorised-command.js';
import { filesOf } from '../../builds/pull-request-files.js';
import { recheckingRunner } from '../../builds/recheck.js';
import { refusal } from '../../builds/replies.js';
import type { WorkflowRequest } from '../../builds/submit.js';
import { commandCode } from '../../comment/view.js';
import type { Work, ServerContext } from '../../context.js';
import { setArguments, writtenFlags } from '../parse/command.js';
import { SET } from './set.js';
import type { Verb } from './verb.js';

/** `/run` */
export const run: Verb = {
  name: 'run',
  flags: [
    {
      name: 'version-id',
      value: {
        name: 'ID',
        // Kubeflow's names of versions have at most 127 characters.
        pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,126}$/,
        hint: 'Copy it from Kubeflow or from the comment of the build: letters, digits, `.`, `_` and `-`.',
      },
      help: 'runs this version, not the one that was published last',
    },
    SET,
  ],
  help: 'runs what the last successful build of this pull request published',
  starts: 'a workflow that runs the pipeline',
  examples: [
    ['', 'runs the version that was published last'],
    ['--version-id=ID', 'runs the version with this id'],
  ],
  readsFiles: true,
  // Every request gets a run of its own.
  isShared: () => false,
  run: runRequest,
};

/**
 * A workflow that runs what the last successful build of this pull request published, found by the version's
 * name, or the version that the command names. Experiment and arguments are those of the commit's configuration.
 */
export function runRequest(
  context: ServerContext,
  authorised: AuthorisedCommand,
  work: Work,
): WorkflowRequest | CommandReply {
  const { command, comments, pullRequest, commit, conversation } = authorised;
  const { repository, number } = pullRequest;
  const { settings, render } = context;
  const { prefix } = render;
  if (settings.kfp === undefined) {
    return refusal(
      "Kubeflow Pipelines isn't configured on this server.",
      'Ask its operator to set `kfp` in the settings.',
    );
  }
  const versionId = command.flags['version-id'];
  const built = conversation.builds.find(({ state, published }) => state === 'succeeded' && published);
  if (typeof versionId !== 'string' && !built?.published) {
    return refusal(
      'No build of this pull request has published a pipeline yet.',
      `Write ${commandCode('build_run', prefix)}, or name a version: ${commandCode('run --version-id=ID', prefix)}.`,
    );
  }
  return {
    command: authorised,
    identity: { origin: { repository, number }, commit, verb: 'run', flags: writtenFlags(command) },
    // A new run every time, even of the same version.
    force: true,
    make: async (identity) => {
      const input = {
        files: await filesOf(context, pullRequest, commit),
        pullRequest: number,
        baseBranch: pullRequest.base.branch,
        requestedBy: comments[0].author.login,
        version: typeof versionId === 'string' ? { versionId } : { version: built?.published?.version ?? '' },
        set: setArguments(command),
        // The parameters of another version aren't those of this commit's code.
        isOfCommit: typeof versionId !== 'string' && built?.request.commit === commit,
        namespace: context.cluster.namespaceOf(repository),
        identity,
      };
      const workflow = await context.planner.do('run', input, { ...work, repository });
      return recheckingRunner(context, authorised, work).submit(workflow);
    },
  };
}
