import { goneResult } from '../../argo/status/status.js';
import { workflowsOf } from '../../argo/workflows/find-workflows.js';
import { readMarker } from '../comment/marker.js';
import { withResult } from '../comment/result.js';
import type { Build } from '../comment/state.js';
import { changeBuild, hasEnded } from '../comment/transitions.js';
import type { ServerContext } from '../context.js';
import type { PlacedComment, PullRequestRef, Repository } from '../ports.js';
import { watchedNamespace } from '../rules/build-namespaces.js';
import type { Logger } from '../telemetry/log.js';

/** A build that was told of longer ago is looked for no more, in milliseconds. */
const LOOK_BACK_MS = 24 * 60 * 60_000;
/** An older command isn't run any longer, and what it left is reported. In milliseconds. */
export const COMMAND_LIFETIME_MS = 60 * 60_000;

/**
 * Tells the end of builds that nobody saw: the workflow was deleted, or the server ended before there was one, and none
 * ran for long.
 */
export async function reportForgotten(
  context: ServerContext,
  repository: Repository,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const me = await context.github.people.me(repository);
  const since = new Date(context.github.now().getTime() - LOOK_BACK_MS);
  for await (const placed of context.github.pullRequests.recentComments(repository, since)) {
    if (signal.aborted) return;
    if (placed.comment.author.id !== me.id) continue;
    for (const build of openBuilds(placed)) {
      const end = await endOf(context, placed.pullRequest, build, signal);
      if (!end) continue;
      log.info(
        { pullRequest: placed.pullRequest.number, workflow: build.workflow?.name },
        'an end that nobody saw',
      );
      await context.conversations.change(
        placed.pullRequest,
        (state) => changeBuild(state, build.request, (now) => (hasEnded(now) ? now : end(now))),
        'final',
      );
    }
  }
}

function openBuilds({ comment }: PlacedComment): readonly Build[] {
  const read = readMarker(comment.body);
  return read.kind === 'state' ? read.state.builds.filter((build) => !hasEnded(build)) : [];
}

/** @returns how the build ended; undefined while it runs, or is about to */
async function endOf(
  { cluster, github, links }: ServerContext,
  pullRequest: PullRequestRef,
  build: Build,
  signal: AbortSignal,
): Promise<((build: Build) => Build) | undefined> {
  const { workflow, request } = build;
  if (!workflow) {
    if (github.now().getTime() - Date.parse(request.at) < COMMAND_LIFETIME_MS) return undefined;
    return (now) => ({
      ...now,
      state: 'failed',
      text: 'The server ended before the workflow was submitted.',
      nextStep: 'Write the command again.',
    });
  }
  // Nobody looks into a namespace that the settings no longer name: what is there is as good as gone.
  const namespace = watchedNamespace(cluster, workflow);
  const there = namespace ? await workflowsOf(cluster.client, namespace, pullRequest, { signal }) : [];
  if (there.some(({ name }) => name === workflow.name)) return undefined;
  return (now) => withResult(now, goneResult(workflow.name, undefined), links);
}
