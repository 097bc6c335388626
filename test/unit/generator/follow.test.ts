import { expect } from 'chai';

import { follow } from '../../../generator/follow.js';
import type { Reporter, WorkflowWatcher } from '../../../generator/ports.js';
import type { StepResult, StepState, WorkflowResult } from '../../../generator/results/result.js';

function result(phase: WorkflowResult['phase'], state: StepState, pod?: string): WorkflowResult {
  const step = { task: 'build-a', state, attempts: 1, ...(pod !== undefined && { pod }) };
  return { name: 'wf', phase, images: [{ name: 'a', repository: 'r.example/a', ...step }] };
}

/** A watcher that gives these results, each when the last was taken. */
function watcherOf(results: readonly WorkflowResult[], log: WorkflowWatcher['log']): WorkflowWatcher {
  return {
    // eslint-disable-next-line @typescript-eslint/require-await -- the port's shape
    async *watch() {
      yield* results;
    },
    log,
  };
}

function recorder(): Reporter & { readonly told: string[] } {
  const told: string[] = [];
  return {
    told,
    progress: ({ phase }) => void told.push(`progress ${phase}`),
    finished: ({ phase }) => void told.push(`finished ${phase}`),
  };
}

// eslint-disable-next-line @typescript-eslint/require-await, require-yield -- the port's shape
async function* noLog(): AsyncGenerator<string> {
  throw new Error('no log was asked for');
}

/** Lines until it is told to stop, as the log of a container that goes on. */
async function* endless(text: string, signal: AbortSignal, ended: () => void): AsyncGenerator<string> {
  try {
    yield text;
    await new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        reject(new Error('stopped'));
      });
    });
  } finally {
    ended();
  }
}

describe('generator/follow', () => {
  it('tells of every change, then of the end, and gives it', async () => {
    const reporter = recorder();
    const results = [result('pending', 'pending'), result('running', 'running'), result('failed', 'failed')];
    const end = await follow('wf', { watcher: watcherOf(results, noLog), reporter });
    expect(end).to.equal(results[2]);
    expect(reporter.told).to.deep.equal([
      'progress pending',
      'progress running',
      'progress failed',
      'finished failed',
    ]);
  });

  it('of a workflow of which nothing is seen knows nothing, never success', async () => {
    const reporter = recorder();
    const end = await follow('wf', { watcher: watcherOf([], noLog), reporter });
    expect(end.phase).to.equal('unknown');
    expect(reporter.told).to.deep.equal(['finished unknown']);
  });

  it('does not call a workflow finished that it could not follow', async () => {
    const reporter = recorder();
    const watcher: WorkflowWatcher = {
      // eslint-disable-next-line @typescript-eslint/require-await -- the port's shape
      async *watch() {
        yield result('running', 'running', 'pod-1');
        throw new Error('cut off');
      },
      log: noLog,
    };
    const failure = await follow('wf', { watcher, reporter }).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(Error).with.property('message', 'cut off');
    expect(reporter.told).to.deep.equal(['progress running']);
  });

  describe('the logs of running steps', () => {
    function withLines(): { reporter: Reporter; lines: string[]; seen: (text: string) => Promise<void> } {
      const lines: string[] = [];
      const waiting = new Map<string, () => void>();
      return {
        lines,
        seen: (text) =>
          new Promise((resolve) => {
            if (lines.includes(text)) resolve();
            else waiting.set(text, resolve);
          }),
        reporter: {
          progress: () => undefined,
          finished: () => undefined,
          line: ({ task }, text) => {
            lines.push(`${task ?? ''}: ${text}`);
            waiting.get(`${task ?? ''}: ${text}`)?.();
          },
        },
      };
    }

    it('are read once for each pod while it runs, and ended with it', async () => {
      const { reporter, lines, seen } = withLines();
      const read: string[] = [];
      const ended: string[] = [];
      const log = ({ pod = '' }: StepResult, signal: AbortSignal) => {
        read.push(pod);
        return endless(`from ${pod}`, signal, () => ended.push(pod));
      };
      const watcher: WorkflowWatcher = {
        async *watch() {
          yield result('running', 'pending', 'first');
          yield result('running', 'running', 'first');
          yield result('running', 'running', 'first');
          await seen('build-a: from first');
          yield result('running', 'running', 'second');
          await seen('build-a: from second');
          yield result('succeeded', 'succeeded', 'second');
        },
        log,
      };
      await follow('wf', { watcher, reporter });
      expect(read).to.deep.equal(['first', 'second']);
      expect(ended).to.have.members(['first', 'second']);
      expect(lines).to.deep.equal(['build-a: from first', 'build-a: from second']);
    });

    it('are an extra: one that cannot be read changes nothing', async () => {
      const { reporter, lines } = withLines();
      const results = [result('running', 'running', 'p'), result('succeeded', 'succeeded', 'p')];
      const end = await follow('wf', { watcher: watcherOf(results, noLog), reporter });
      expect(end.phase).to.equal('succeeded');
      expect(lines).to.deep.equal([]);
    });
  });
});
