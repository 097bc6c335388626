import { approved } from '../comment/transitions.js';
import { says } from '../answers.js';
import type { Answer, Taken } from '../taken.js';
import type { World } from '../world.js';

/** `/ok-to-test`: writes down that the head of a fork may be built. The policy has compared it with the head. */
export async function approve(world: World, { command, pullRequest }: Taken): Promise<Answer> {
  const commit = command.argument ?? '';
  await world.conversations.change(pullRequest, (state) => approved(state, commit), 'record');
  return says(`Commit \`${commit.slice(0, 12)}\` of this fork may be built.`, 'Write `build`.');
}
