import { ConfigError } from '../../../schema/index.js';
import type { CommandReply, AuthorisedCommand } from '../../builds/authorised-command.js';
import { compiledBuild } from '../../builds/compiled-builds.js';
import { recordStart } from '../../builds/pick-ups.js';
import { filesOf } from '../../builds/pull-request-files.js';
import { renderErrors } from '../../comment/answers.js';
import { renderDiff } from '../../comment/diff-answer.js';
import type { Work, ServerContext } from '../../context.js';
import type { Verb } from './verb.js';

/** `/diff` */
export const diff: Verb = {
  name: 'diff',
  flags: [],
  help: 'says what differs from the base branch: images, base images and the pipeline; starts nothing',
  examples: [['', 'compares the images and the pipeline of this commit with the base branch']],
  readsFiles: true,
  isShared: () => true,
  run: async (context, authorised, work) => {
    await recordStart(context, authorised);
    return diffReply(context, authorised, work);
  },
};

/** What a build would change. Nothing is stored, submitted or run. */
async function diffReply(
  context: ServerContext,
  { pullRequest, commit }: AuthorisedCommand,
  work: Work,
): Promise<CommandReply> {
  const { repository, number, base } = pullRequest;
  const head = await compiledBuild(context, repository, [commit], work);
  const tip = head && (await context.github.branchTip(repository, base.branch));
  const earlier = head && (await compiledBuild(context, repository, [tip ?? base.commit, base.commit], work));
  try {
    const input = {
      files: await filesOf(context, pullRequest, commit),
      pullRequest: number,
      base,
      head,
      earlier,
    };
    const answer = await context.planner.do('diff', input, { ...work, repository });
    const { redact } = context.links;
    return { kind: 'answer', markdown: renderDiff(answer, { redact, prefix: context.render.prefix }) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { kind: 'refusal', markdown: renderErrors(error.diagnostics) };
  }
}
