// The thread in which Python is parsed: gets a text, answers with what is wrong in it as the parser words it, or with ''.
// Plain JavaScript, because a thread doesn't get the TypeScript loader of the tests.
import { setFlagsFromString } from 'node:v8';
import { parentPort } from 'node:worker_threads';

// A few files are parsed, once: the optimising compiler of WebAssembly would take more time and memory than it saves.
setFlagsFromString('--liftoff-only');
// Of its 10 MB few functions run: only these are validated, before they are compiled.
setFlagsFromString('--wasm-lazy-validation');
const { PositionEncoding, Workspace } = await import('@astral-sh/ruff-wasm-nodejs');

const workspace = new Workspace({}, PositionEncoding.Utf16);
parentPort?.on('message', (text) => parentPort.postMessage(errorOf(text)));

/** Of all that the package offers, `format` is the fastest that refuses a text with an error. */
function errorOf(text) {
  try {
    workspace.format(text);
    return '';
  } catch (error) {
    // After a trap or an overflow of the stack the parser's memory can't be trusted: the thread ends.
    if (error.name === 'RuntimeError' || error instanceof RangeError) throw error;
    return String(error.message);
  }
}
