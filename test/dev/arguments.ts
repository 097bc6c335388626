import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const EXAMPLE = fileURLToPath(new URL('../../examples/sklearn-iris', import.meta.url));

/** The page's port if none is given. */
export const PORT = 3737;

export const HELP = `Runs the server on this machine, with stand-ins for GitHub, Argo and the object
store. Sends it a comment on a pull request and shows its answer: here, and as a
page in your browser. Nothing is built; links in the answer lead nowhere.

Usage: npm run dev -- [COMMENT] [OPTIONS]

  npm run dev                                sends /build
  npm run dev -- /plan                       sends /plan
  npm run dev -- '/build --no-cache'         quote a comment that has options
  npm run dev -- --repository ~/my-project   builds another repository
  npm run dev -- --fail build-iris-train     one step of each workflow fails

Options:
  --repository DIR    The pull request has the files of DIR as they are now.
                      Default: examples/sklearn-iris
  --fail STEP         This step of each workflow fails.
  --step-seconds N    Seconds of a short step; builds of later images take
                      longer. Default: 8
  --port PORT         Port of the page. Default: ${PORT}, or a free one
  --once              Ends when the comment is answered and its workflow has
                      ended. Fails if the server refuses the comment.
  --log               Shows the server's whole log. Default: problems only
  --help              Shows this text.

Each line that you type is another comment on the pull request; /help lists the
commands. Ctrl-C or Ctrl-D ends everything. If the lines come from a file or a
pipe, it ends after the last one.

The server runs from source. After you change its code or templates, press
Ctrl-C and start it again; the page reconnects by itself.
`;

/** What the arguments say. */
export interface DevOptions {
  readonly comment: string;
  readonly folder: string;
  readonly fail: string | undefined;
  readonly stepMs: number;
  /** undefined: {@link PORT}, or a free one. */
  readonly port: number | undefined;
  readonly once: boolean;
  readonly log: boolean;
}

/** A mistake in the arguments; its message says how to fix it. */
export class UsageError extends Error {}

/**
 * @returns undefined if help is asked for
 * @throws UsageError
 */
export function readArguments(args: readonly string[]): DevOptions | undefined {
  const { values, positionals } = parsed(args);
  if (values.help) return undefined;
  const [comment = '/build', extra] = positionals;
  if (extra !== undefined) {
    const quoted = positionals.map((each) => each.replaceAll("'", '')).join(' ');
    throw new UsageError(
      `Unexpected argument \`${extra}\`. Quote a comment that has spaces: npm run dev -- '${quoted}'`,
    );
  }
  if (comment.trim() === '') throw new UsageError('The comment is empty. For example: npm run dev -- /plan');
  return {
    comment,
    folder: folderOf(values.repository),
    fail: values.fail,
    stepMs: number('step-seconds', values['step-seconds'] ?? '8', 0.05, 3600) * 1000,
    port: values.port === undefined ? undefined : wholeNumber('port', values.port, 0, 65_535),
    once: values.once,
    log: values.log,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        repository: { type: 'string' },
        fail: { type: 'string' },
        'step-seconds': { type: 'string' },
        port: { type: 'string' },
        once: { type: 'boolean', default: false },
        log: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw usageErrorOf(error as NodeJS.ErrnoException);
  }
}

/** Node's message names the option; what it advises doesn't fit a comment. */
function usageErrorOf({ code, message }: NodeJS.ErrnoException): UsageError {
  const [, option] = /'(-[^' ]*)/.exec(message) ?? [];
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' && option !== undefined)
    return new UsageError(
      `Unknown option \`${option}\`. If it belongs to the comment, quote both: npm run dev -- '/build ${option}'`,
    );
  return new UsageError(`${message.split('\n')[0]?.replace(/\.$/, '') ?? ''}.`);
}

function folderOf(given: string | undefined): string {
  if (given === undefined) return EXAMPLE;
  const folder = resolve(process.env.INIT_CWD ?? '.', given);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return folder;
  throw new UsageError(`--repository: \`${folder}\` isn't a folder.`);
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = number(name, text, least, most);
  if (!Number.isInteger(value)) throw new UsageError(`--${name}: \`${text}\` isn't a whole number.`);
  return value;
}

function number(name: string, text: string, least: number, most: number): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (value >= least && value <= most) return value;
  throw new UsageError(`--${name}: \`${text}\` isn't a number from ${least} to ${most}.`);
}
