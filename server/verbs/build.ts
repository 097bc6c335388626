import { run } from '../../generator/run.js';
import { writtenFlags } from '../commands/command.js';
import { guarded } from '../guard.js';
import { submit, type Submission } from '../submit.js';
import type { Taken } from '../taken.js';
import type { Work, World } from '../world.js';
import { withFiles } from './opened.js';

/** `/build` and `/build_run`: contexts, plan and workflow of the commit that was recorded. */
export function build(world: World, taken: Taken, work: Work): Promise<Submission> {
  const { command, comments, pullRequest, commit } = taken;
  const verb = command.verb === 'build_run' ? 'build_run' : 'build';
  const { repository, number } = pullRequest;
  return submit(
    world,
    {
      command: taken,
      identity: { pullRequest: { repository, number }, commit, verb, flags: writtenFlags(command) },
      force: command.flags.force === true,
      make: (marks) =>
        withFiles(world, pullRequest, commit, work.signal, async ({ source, trust }) => {
          const { submitted } = await run(
            {
              settings: world.settings,
              trust,
              pullRequest: number,
              requestedBy: comments[0].author.login,
              run: verb === 'build_run',
              ...(command.flags['no-cache'] === true && { cache: false }),
              namespace: world.cluster.namespace,
              ...marks,
            },
            {
              source,
              onPlan: ({ images }) => {
                work.log.info({ images: images.length, commit }, 'planned');
              },
              openStore: (_project, plan) => world.openStore(plan, work.signal),
              runner: guarded(world, taken, work),
            },
          );
          return submitted;
        }),
    },
    work,
  );
}
