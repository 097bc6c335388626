import { createInterface } from 'node:readline/promises';

import { follow } from '../generator/follow.js';
import type { Reporter } from '../generator/ports.js';
import type { WorkflowResult } from '../generator/results/result.js';
import type { OpenedCluster } from './cluster.js';
import { ExitCode } from './exit.js';
import { commandLine } from './invocation.js';
import type { InterruptSignal } from './io.js';
import { type LiveReporter, liveReporter } from './output/live-reporter.js';
import { plainReporter } from './output/plain-reporter.js';
import { type Session, say } from './session.js';

/** Says with the exit code how a workflow ended. */
export function exitCodeOf({ phase }: WorkflowResult): ExitCode {
  if (phase === 'succeeded') return ExitCode.Done;
  return phase === 'unknown' ? ExitCode.Unavailable : ExitCode.Failed;
}

/**
 * Follows a workflow to its end and shows it: as a picture on a terminal, else line by line. Ctrl-C asks once whether
 * to leave it running or to stop it; without a terminal it leaves it.
 *
 * @returns the exit code, which tells the result
 * @throws ServiceError when the cluster refuses, or does not answer for too long
 */
export async function followWorkflow(
  session: Session,
  cluster: OpenedCluster,
  name: string,
): Promise<ExitCode> {
  const { io } = session;
  const { client, namespace, settings } = cluster;
  const kfpUrl = settings.kfp?.url;
  const { workflowWatcher } = await import('../argo/watch/watcher.js');
  const live = io.stderr.isTTY === true && io.env.TERM !== 'dumb' ? liveReporter(session, kfpUrl) : undefined;
  const reporter: Reporter = live ?? plainReporter(session, kfpUrl);
  if (live) session.picture = live;
  const leaving = new AbortController();
  let interrupted: ExitCode | undefined;
  let stopping: Promise<unknown> | undefined;
  let answer: AbortController | undefined;

  const interrupt = async (signal: InterruptSignal): Promise<void> => {
    // The second Ctrl-C is an answer, or leaves what is being stopped.
    const again = interrupted !== undefined;
    interrupted = signal === 'SIGTERM' ? ExitCode.Terminated : ExitCode.Interrupted;
    answer?.abort();
    if (signal === 'SIGTERM' || again || live === undefined || io.stdin.isTTY !== true) {
      leaving.abort();
      return;
    }
    answer = new AbortController();
    const stop = await askToStop(session, live, name, AbortSignal.any([answer.signal, leaving.signal]));
    if (!stop) {
      leaving.abort();
      return;
    }
    const { stopWorkflow } = await import('../argo/workflows/stop.js');
    stopping = stopWorkflow(client, namespace, name, { signal: leaving.signal });
    // Met below, once the workflow has ended.
    stopping.catch(() => {
      leaving.abort();
    });
  };
  const release = io.takeInterrupts((signal) => void interrupt(signal));
  try {
    const result = await follow(
      name,
      { watcher: workflowWatcher(client, namespace), reporter },
      leaving.signal,
    );
    answer?.abort();
    await stopping;
    return interrupted ?? exitCodeOf(result);
  } catch (error) {
    if (!leaving.signal.aborted) throw error;
    if (stopping) await stopping.catch(rethrowUnlessAborted);
    live?.end();
    sayLeft(session, cluster, name);
    return interrupted ?? ExitCode.Interrupted;
  } finally {
    live?.end();
    delete session.picture;
    release();
  }
}

async function askToStop(
  session: Session,
  live: LiveReporter,
  name: string,
  signal: AbortSignal,
): Promise<boolean> {
  const { io, style } = session;
  live.pause();
  const lines = createInterface({ input: io.stdin, output: io.stderr, terminal: false });
  try {
    const text = await lines.question(`${style.bold(name)}: leave it running, or stop it? [L/s] `, {
      signal,
    });
    return /^s/i.test(text.trim());
  } catch {
    return false;
  } finally {
    lines.close();
    live.resume();
  }
}

function sayLeft(session: Session, { namespace }: OpenedCluster, name: string): void {
  const line = (verb: string): string => commandLine(session, verb, ['-n', namespace], [name]);
  say(session, `${session.style.yellow('!')} ${name} continues in the cluster.`);
  say(session, `  ${session.style.cyan('→')} See how it ends: ${line('watch')}`);
  say(session, `  ${session.style.cyan('→')} Stop it: ${line('cancel')}`);
}

function rethrowUnlessAborted(error: unknown): void {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error;
}
