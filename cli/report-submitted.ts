import type { OpenedCluster } from './cluster.js';
import { ExitCode } from './exit.js';
import { followWorkflow } from './follow-workflow.js';
import { commandLine } from './invocation.js';
import { type Session, say } from './session.js';

/** A workflow that a command has set going. */
export interface Begun {
  readonly name: string;
  /** Its page, where Argo's address is known. */
  readonly url?: string;
}

/**
 * Says what was set going, and follows it where that is wanted, or says how to. The workflow's name goes to stdout where
 * that is no terminal, for scripts.
 */
export async function reportSubmitted(
  session: Session,
  cluster: OpenedCluster,
  { name, url }: Begun,
  message: string,
  wait: boolean,
): Promise<void> {
  const { io, style } = session;
  say(session, `${style.green('✓')} ${message}`);
  if (url !== undefined) say(session, `  ${style.cyan(url)}`);
  if (io.stdout.isTTY !== true) io.stdout.write(`${name}\n`);
  if (wait) {
    say(session);
    session.exitCode = await followWorkflow(session, cluster, name);
  } else {
    session.exitCode = ExitCode.Done;
    say(session, `  ${style.cyan('→')} ${commandLine(session, 'watch', ['-n', cluster.namespace], [name])}`);
  }
}
