import { quoteOutput } from '../schema/quote.js';

/** A failure of git that people can do something about. */
interface KnownFailure {
  /** In what git says, in English: it is started with `LC_ALL=C`. */
  readonly pattern: RegExp;
  readonly what: (folder: string) => string;
  readonly hint: string;
  /** The folder that was named is the mistake, not the state of a repository. */
  readonly wrongFolder?: true;
}

/** A clone without the contents of all files gets them by this; `--refetch` alone keeps to the clone's filter. */
export const FETCH_ALL = 'git fetch --refetch --no-filter';

/** The first that fits is what happened. */
const FAILURES: readonly KnownFailure[] = [
  {
    pattern: /detected dubious ownership/,
    what: (folder) => `git doesn't read ${folder}, which belongs to another user`,
    hint: "if you trust that user's files, run the command that git names",
  },
  {
    pattern: /promisor remote|lazy fetching disabled/,
    what: (folder) => `the clone in ${folder} is partial, and files of the commit are not in it`,
    hint: `fetch them: \`${FETCH_ALL}\``,
  },
  {
    pattern: /\.lock': file exists/i,
    what: (folder) => `another git is at work in ${folder}, or was stopped`,
    hint: 'wait until it has finished; if none runs, remove the lock file that git names',
  },
  {
    pattern: /permission denied/i,
    what: (folder) => `git has no permission to read the repository in ${folder}`,
    hint: 'give yourself the right to read it, with all that is in its folder .git',
  },
  {
    pattern: /index file (smaller|corrupt|open failed)|bad (index|signature)|index uses/i,
    what: (folder) => `the index of the repository in ${folder} is damaged`,
    hint: 'write it again: `rm .git/index && git reset`; or build from the commit with `--commit HEAD`',
  },
  {
    pattern: /not a git repository|invalid gitfile format/,
    what: (folder) => `git finds no repository in ${folder}`,
    hint: 'name a folder of a git repository; if it is one, its .git is damaged: clone it again',
    wrongFolder: true,
  },
  {
    pattern: /bad config/,
    what: (folder) => `git cannot read its configuration for ${folder}`,
    hint: 'correct the line that git names',
  },
  {
    pattern: /expected git repo version|unknown repository extension/i,
    what: (folder) => `the repository in ${folder} needs a newer git`,
    hint: 'update git',
  },
  {
    pattern:
      /is corrupt|unable to (unpack|read)|inflate:|bad (object|tree)|could not read|object file \S+ is empty|missing (blob|tree|commit)|not a tree|packfile|pack \S+ (is|has)/i,
    what: (folder) => `the repository in ${folder} is damaged`,
    hint: 'run `git fsck` to see what is wrong, or clone the repository again',
  },
];

/**
 * What happened when git failed, and what to do.
 *
 * @param verb - git's subcommand
 * @param stderr - what it said, without secrets
 */
export function explainFailure(
  verb: string,
  folder: string,
  stderr: string,
): { readonly message: string; readonly hint: string; readonly wrongFolder?: true } {
  const known = FAILURES.find(({ pattern }) => pattern.test(stderr));
  if (known) {
    const { what, hint, wrongFolder } = known;
    return { message: quoteOutput(what(folder), stderr), hint, ...(wrongFolder && { wrongFolder }) };
  }
  return {
    message: quoteOutput(`git ${verb} failed in ${folder}`, stderr),
    hint: 'see whether `git status` and `git fsck` work in that folder',
  };
}
