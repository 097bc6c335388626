import { watch, type FSWatcher } from 'node:fs';
import { dirname } from 'node:path';

/** A moment at which to look at a file. */
export interface Moment {
  /** The next moment comes at once. */
  again(): void;
}

/**
 * Gives a moment when something in the file's folder changes, and every `everyMs` milliseconds. Kubernetes changes a
 * mounted ConfigMap by switching the symbolic link `..data` next to the file, which a watch on the file itself misses:
 * https://kubernetes.io/docs/concepts/configuration/configmap/#mounted-configmaps-are-updated-automatically
 *
 * Ends once `signal` is aborted.
 */
export async function* momentsOf(path: string, everyMs: number, signal: AbortSignal): AsyncGenerator<Moment> {
  let changed = false;
  let wake = (): void => undefined;
  const again = (): void => {
    changed = true;
    wake();
  };
  const isOver = (): boolean => signal.aborted;
  const watcher = watchFolder(dirname(path), again);
  signal.addEventListener('abort', again);
  try {
    while (!isOver()) {
      const timer = setTimeout(again, everyMs);
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (changed) resolve();
      });
      clearTimeout(timer);
      changed = false;
      if (!isOver()) yield { again };
    }
  } finally {
    watcher?.close();
    signal.removeEventListener('abort', again);
  }
}

/** Undefined where the system can't watch: the regular looks remain. */
function watchFolder(folder: string, onChange: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, onChange);
    watcher.on('error', () => {
      watcher.close();
    });
    return watcher;
  } catch {
    return undefined;
  }
}
