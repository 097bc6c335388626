import { ConfigError } from '../../../schema/index.js';
import type { CommandReply, AuthorisedCommand } from '../../builds/authorised-command.js';
import { recordStart } from '../../builds/pick-ups.js';
import { filesOf } from '../../builds/pull-request-files.js';
import { renderErrors } from '../../comment/answers.js';
import type { Work, ServerContext } from '../../context.js';
import { IMAGES } from './images.js';
import type { Verb } from './verb.js';

/** `/plan` */
export const plan: Verb = {
  name: 'plan',
  names: IMAGES,
  flags: [],
  help: 'says what a build would do; starts nothing',
  examples: [
    ['', 'shows for each image whether it would be built, and why'],
    ['trainer', 'the same for `trainer` and the images that it is based on'],
  ],
  readsFiles: true,
  isShared: () => true,
  run: async (context, authorised, work) => {
    await recordStart(context, authorised);
    return planReply(context, authorised, work);
  },
};

/** What a build would do, and what is new in it. Nothing is stored or submitted. */
async function planReply(
  context: ServerContext,
  { command: { images }, pullRequest, commit }: AuthorisedCommand,
  work: Work,
): Promise<CommandReply> {
  const { repository, number, base } = pullRequest;
  try {
    const input = {
      files: await filesOf(context, pullRequest, commit),
      pullRequest: number,
      base: base.commit,
      ...(images && { only: images }),
    };
    const markdown = await context.planner.do('plan', input, { ...work, repository });
    return { kind: 'answer', markdown };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { kind: 'refusal', markdown: renderErrors(error.diagnostics) };
  }
}
