import { tellToStop, type StopRequest } from '../../../argo/workflows/stop.js';
import { enumerate } from '../../../common/enumerate.js';
import type { CommandReply } from '../../builds/authorised-command.js';
import { allWorkflows } from '../../builds/pull-workflows.js';
import { answer } from '../../builds/replies.js';
import { commandCode } from '../../comment/view.js';
import type { Work, ServerContext } from '../../context.js';
import type { PullRequestRef } from '../../ports.js';
import type { Verb } from './verb.js';

/** `/cancel` */
export const cancel: Verb = {
  name: 'cancel',
  flags: [],
  help: 'stops the build',
  examples: [['', 'stops what runs for this pull request']],
  readsFiles: false,
  isShared: () => true,
  run: cancelBuilds,
};

/** Stops what runs for the pull request. The reporter tells when it has stopped. */
export async function cancelBuilds(
  { cluster, render }: Pick<ServerContext, 'cluster' | 'render'>,
  { pullRequest }: { readonly pullRequest: PullRequestRef },
  { log, signal }: Pick<Work, 'log' | 'signal'>,
): Promise<CommandReply> {
  const there = await allWorkflows({ cluster }, pullRequest, { signal });
  const outcomes = new Map<string, StopRequest>();
  for (const { name, namespace } of there.filter(({ finished }) => !finished)) {
    const outcome = await tellToStop(cluster.client, namespace, name, { signal });
    if (outcome === 'sent') log.info({ workflow: name, namespace }, 'workflow stopped');
    outcomes.set(name, outcome);
  }
  return cancelAnswer(outcomes, render.prefix);
}

/** @param outcomes - the result for each workflow that had not ended, by its name */
function cancelAnswer(outcomes: ReadonlyMap<string, StopRequest>, prefix: string | undefined): CommandReply {
  const names = (which: StopRequest): string =>
    enumerate([...outcomes].flatMap(([name, outcome]) => (outcome === which ? [`\`${name}\``] : [])));
  const [sent, stopping] = [names('sent'), names('stopping')];
  if (sent === '' && stopping === '') return answer('Nothing runs for this pull request.');
  const parts = [
    ...(sent === '' ? [] : [`Stopping ${sent}.`]),
    ...(stopping === '' ? [] : [`Already stopping: ${stopping}.`]),
  ];
  return answer(parts.join(' '), `To continue after the stop, write ${commandCode('retry', prefix)}.`);
}
