/** `npm run dev`: the server with stand-ins for everything around it, and its comment on a pull request. */
import { HELP, readArguments, UsageError } from './arguments.js';
import { DevRun } from './run.js';

try {
  const options = readArguments(process.argv.slice(2));
  if (options === undefined) process.stdout.write(HELP);
  else process.exitCode = await new DevRun(options).run();
} catch (error) {
  const isUsage = error instanceof UsageError;
  const message = error instanceof Error ? error.message.trim() : String(error);
  process.stderr.write(`${message}\n${isUsage ? 'npm run dev -- --help lists the options.\n' : ''}`);
  process.exitCode = isUsage ? 2 : 1;
}
