import type { AuthorisedCommand, CommandReply } from '../../builds/authorised-command.js';
import type { WorkflowRequest } from '../../builds/submit.js';
import type { ServerContext, Work } from '../../context.js';
import type { Command } from '../parse/command.js';
import type { VerbGrammar } from '../parse/grammar.js';

/** A command of pull requests: what may follow it, its line in the answer to `help`, and what it does. */
export interface Verb extends VerbGrammar {
  /** What it does, as a clause for `help`; absent: `help` doesn't list it. */
  readonly help?: string;
  /** What it starts in the cluster, for `help VERB`: `a workflow that builds images`; absent: nothing. */
  readonly starts?: string;
  /** For `help VERB`: what follows the verb, and what this then does, as a clause. */
  readonly examples?: readonly (readonly [rest: string, does: string])[];
  /** `help` lists it only where builds of forks are set up. */
  readonly onlyForForks?: true;
  /** Reads files of the pull request: a commit of a fork needs an approval. */
  readonly readsFiles: boolean;
  /** Whether it runs once for all who ask for it with these flags; else each gets a workflow of their own. */
  readonly isShared: (flags: Command['flags']) => boolean;
  /** Replies, or says which workflow to submit. */
  readonly run: (
    context: ServerContext,
    authorised: AuthorisedCommand,
    work: Work,
  ) => Promise<WorkflowRequest | CommandReply> | WorkflowRequest | CommandReply;
}
