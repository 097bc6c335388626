/**
 * What tests have started ends with them also where they are interrupted (Ctrl-C, or mocha was killed), when no hook of
 * theirs runs any more. .mocharc.json loads this into every process of mocha.
 */
import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';

const cleanUps = new Set<() => void>();
let end: (code: number) => void = (code) => process.exit(code);

process.once('exit', () => {
  // What was started last ends first: a folder goes when nobody writes to it any more.
  for (const cleanUp of [...cleanUps].reverse()) {
    try {
      cleanUp();
    } catch (error) {
      process.stderr.write(`left behind: ${String(error)}\n`);
    }
  }
});
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  // Stays: mocha sends SIGTERM to workers that take more than a second to end, as those do that still write down what
  // they covered, and without it they would be killed there.
  process.on(signal, () => {
    end(code);
  });
}

/**
 * Handles signals in place of ending at once, for a process that has to wait for what it stops.
 *
 * @param handle - gets the exit code
 */
export function handleSignals(handle: (code: number) => void): void {
  end = handle;
}

/**
 * Does this if the tests end before they have done it themselves; it must not wait for anything.
 *
 * @returns called when it is done
 */
export function onInterrupt(cleanUp: () => void): () => void {
  cleanUps.add(cleanUp);
  return () => cleanUps.delete(cleanUp);
}

/** Kills a process if the tests end before it. */
export function endsWithTests<Child extends ChildProcess>(child: Child): Child {
  child.once(
    'exit',
    onInterrupt(() => child.kill('SIGKILL')),
  );
  return child;
}

/**
 * Removes a folder if the tests end before they have done it.
 *
 * @returns removes it
 */
export function removedWithTests(folder: string): () => void {
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  const done = onInterrupt(remove);
  return () => {
    done();
    remove();
  };
}
