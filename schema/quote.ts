/** As much of another program's output as a message shows. */
const LINES = 20;
const CHARACTERS = 4000;

// eslint-disable-next-line no-control-regex -- these are what is replaced
const CONTROL = /[\0-\x1f\x7f-\x9f]/g;

/**
 * A message with what another program said, word for word on lines of its own: a command in it can be copied.
 *
 * @param what - what happened, without a full stop
 * @param output - what the program said; of a long one, its end
 */
export function quoteOutput(what: string, output: string): string {
  const lines = output.slice(-CHARACTERS).replaceAll('\r\n', '\n').trimEnd().split('\n');
  const last = lines
    .slice(-LINES)
    .map((line) => line.replaceAll('\t', '    ').replace(CONTROL, ' ').trimEnd());
  while (last[0] === '') last.shift();
  return last.length === 0
    ? what
    : [`${what}:`, ...last.map((line) => (line === '' ? '' : `  ${line}`))].join('\n');
}
