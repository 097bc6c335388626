import { parseArgs } from 'node:util';

import '../support/interrupted.js';
import { Development } from './development.js';

const HELP = `Usage: npm run dev -- [options] [COMMENT]

Starts the server with stand-ins for GitHub, Argo and the object store, writes a comment on a pull request, and shows
what the server answers: here and on a web page. Type another comment to write it. Needs no cluster and no network.

Arguments:
  COMMENT        the first comment (default: "/build")

Options:
  --fail STEP    this step fails, such as build-iris-train or compile-pipeline; can be repeated
  --log          show the server's log
  --once         exit when the first comment is answered and its workflow has ended
  --help         show this help
`;

function options() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        fail: { type: 'string', multiple: true, default: [] },
        log: { type: 'boolean', default: false },
        once: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    return { ...values, comment: positionals.join(' ') || '/build' };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\nRun \`npm run dev -- --help\` to see the options.\n`);
    process.exit(2);
  }
}

const { help, ...rest } = options();
if (help) process.stdout.write(HELP);
else process.exitCode = await (await Development.start(rest)).run();
