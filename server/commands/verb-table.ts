import type { Command } from './parse/command.js';
import { parseCommands, type ParsedComment } from './parse/parse.js';
import { approve } from './verbs/approve.js';
import { buildRun } from './verbs/build-run.js';
import { build } from './verbs/build.js';
import { cancel } from './verbs/cancel.js';
import { diff } from './verbs/diff.js';
import { helpFor } from './verbs/help.js';
import { logs } from './verbs/logs.js';
import { plan } from './verbs/plan.js';
import { retry } from './verbs/retry.js';
import { run } from './verbs/run.js';
import { status } from './verbs/status.js';
import { deploy, stagingDeploy } from './verbs/unsupported.js';
import type { Verb } from './verbs/verb.js';

const LISTED: readonly Verb[] = [build, buildRun, run, plan, diff, status, logs, retry, cancel, approve];

/** Verbs that `help` doesn't list. */
const UNLISTED: readonly Verb[] = [deploy, stagingDeploy];

/** Every command of pull requests, in the order in which `help` lists them. */
export const VERBS: readonly Verb[] = [...LISTED, helpFor(LISTED, UNLISTED), ...UNLISTED];

/** The verb of a command. */
export function verbOf({ verb }: Pick<Command, 'verb'>): Verb {
  const found = VERBS.find(({ name }) => name === verb);
  if (!found) throw new Error(`unknown verb: ${verb}`);
  return found;
}

/** Whether the result of a command is also the result of the same command of others. */
export function isShared(command: Pick<Command, 'verb' | 'flags'>): boolean {
  return verbOf(command).isShared(command.flags);
}

/** Whether a command reads files of the pull request. */
export function readsFiles(command: Pick<Command, 'verb'>): boolean {
  return verbOf(command).readsFiles;
}

/** Whether a comment has something to do or to explain. */
export function wantsReply({ command, problem, hint }: ParsedComment): boolean {
  return (command ?? problem ?? hint) !== undefined;
}

/** Reads a comment: {@link parseCommands} with every verb. */
export function parseComment(body: string, prefix?: string): ParsedComment {
  return parseCommands(body, VERBS, { prefix });
}
