import { dockerBuild, type DockerImage } from '../generator/docker-build.js';
import { escapeTerminal } from '../templates/escape.js';
import { type Session, say } from './session.js';
import { wrapCommand } from './shell.js';

/** Columns before a command. */
const INDENT = 4;

/**
 * Says how to build an image from the context that was written to a file.
 *
 * @param file - as the user named it, from the working directory
 */
export function reportDockerBuild(session: Session, image: DockerImage, file: string): void {
  const { style, io } = session;
  const { command, omitted } = dockerBuild(image, { kind: 'file', file });
  // The file has a name that can't be copied from here.
  if (escapeTerminal(command) !== command) return;
  const lines = wrapCommand(command, io.columns - INDENT);
  say(session, `  ${style.cyan('→')} ${lines.join(`\n${' '.repeat(INDENT)}`)}`);
  if (omitted.length === 0) return;
  const options = omitted.map((option) => `\`${escapeTerminal(option)}\``).join(', ');
  say(
    session,
    `  ${style.yellow('!')} Add ${options}: config.yaml has the value, which can't be shown here.`,
  );
}
