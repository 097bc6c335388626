import type { Diagnostic } from '../../schema/index.js';
import { type Ask, askYesNo } from '../questions.js';
import type { BootstrapFlags, KnownValues } from './flags.js';
import { repositoryProblem } from './value-problems.js';

/** What of several repositories is served. */
export interface Trust {
  /** Undefined: nobody has said, and it must be known. */
  readonly isShared: boolean | undefined;
  /** The only repository, where the others don't trust it. */
  readonly only?: string;
}

/** Nobody said whether several repositories trust each other. */
export const UNKNOWN_TRUST: Diagnostic = {
  code: 'REQUIRED_OPTION',
  severity: 'error',
  message:
    'several repositories are named, and a pull request of one could replace images and pipelines of the others',
  file: '--shared-trust',
  hint: 'give --shared-trust if they all trust each other; else name one repository now, and write `server.rules` later ("Several teams" in docs/server.md)',
};

/** Whether the repositories trust each other. Where they don't, a person who typed them chooses one to start with. */
export async function askForTrust(
  flags: BootstrapFlags,
  known: KnownValues,
  ask: Ask | undefined,
): Promise<Trust> {
  const repositories = known.get('repository') ?? [];
  if (flags.sharedTrust) return { isShared: true };
  if (repositories.length < 2) return { isShared: false };
  if (!ask) return { isShared: undefined };
  const question =
    'A pull request of one repository can then replace images and pipelines of the others. Do they all trust each other?';
  if (await askYesNo(ask, question, 'no')) return { isShared: true };
  // The flags stay as they are.
  if (flags.repository !== undefined) return { isShared: undefined };
  const only = await ask(
    'Then name one repository now, owner/name; for the others write `server.rules` later ("Several teams" in docs/server.md)',
    '',
    (word) => {
      if (word === '') return 'A value is needed.';
      const clause = repositoryProblem(word);
      return clause === undefined ? undefined : `\`${word}\` ${clause}.`;
    },
  );
  return only === '' ? { isShared: undefined } : { isShared: false, only };
}
