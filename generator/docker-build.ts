import { normalisePath } from '../schema/paths.js';
import { shellLine, shellQuote } from '../schema/shell.js';
import { validText } from '../schema/valid-text.js';
import { escapeTerminal } from '../templates/escape.js';
import type { PlannedImage } from './plan/plan-types.js';

/** What `docker build` must know to build an image as Kaniko does. */
export type DockerImage = Pick<PlannedImage, 'name' | 'dockerfile' | 'buildArgs' | 'target' | 'platform'>;

/** Where `docker build` gets the build context from. */
export type ContextInput =
  | { readonly kind: 'file'; readonly file: string }
  /** Absent `commit`: the files on disk. */
  | { readonly kind: 'pipe'; readonly commit?: string | undefined };

/** A command that builds one image on a machine with Docker. */
export interface DockerBuild {
  /** One line for a POSIX shell. */
  readonly command: string;
  /** Options that the command lacks, because their values have characters that can't be shown on one line. */
  readonly omitted: readonly string[];
}

/**
 * The `docker build` command for an image. It has the options that differ from Docker's defaults.
 *
 * The context comes from stdin, so `-f` is relative to the root of the archive:
 * https://docs.docker.com/build/concepts/context/#local-tarballs
 */
export function dockerBuild(image: DockerImage, input: ContextInput): DockerBuild {
  const options = optionsOf(image);
  const shown = options.filter(({ value }) => isVisible(value));
  const words = ['docker', 'build', ...shown.flatMap(({ flag, value }) => [flag, value]), '-'];
  const build = shellLine(words);
  return {
    command:
      input.kind === 'file'
        ? `${build} < ${shellQuote(input.file)}`
        : `${contextCommand(image.name, input.commit)} -o - | ${build}`,
    omitted: options.filter((option) => !shown.includes(option)).map(({ label }) => label),
  };
}

/**
 * The `kfops context` command for an image, without `-o`.
 *
 * @param commit - absent: the files on disk
 */
export function contextCommand(image: string, commit: string | undefined): string {
  return shellLine(['kfops', 'context', image, ...(commit === undefined ? [] : ['--commit', commit])]);
}

interface DockerOption {
  readonly flag: string;
  readonly value: string;
  /** What to call it where its value can't be shown. */
  readonly label: string;
}

function optionsOf({ name, dockerfile, buildArgs, target, platform }: DockerImage): DockerOption[] {
  const path = normalisePath(dockerfile) ?? dockerfile;
  const option = (flag: string, value: string): DockerOption => ({ flag, value, label: flag });
  return [
    // `-f -` would read the Dockerfile from stdin.
    ...(path === 'Dockerfile' ? [] : [option('-f', path === '-' ? './-' : path)]),
    ...buildArgs.map(([arg, value]) => ({
      flag: '--build-arg',
      value: `${arg}=${value}`,
      label: `--build-arg ${arg}`,
    })),
    ...(target === undefined ? [] : [option('--target', target)]),
    ...(platform === undefined ? [] : [option('--platform', platform)]),
    // Not `latest`: the FROM lines of other Dockerfiles could name such an image without a tag.
    option('-t', `${name}:local`),
  ];
}

/** Whether a terminal shows the text as it is, on one line. */
function isVisible(text: string): boolean {
  return escapeTerminal(validText(text)) === text;
}

/** Characters of a command in a sentence: a comment keeps 300 of the sentence. */
const LONGEST_INLINE = 240;

/** Whether a command can be shown between backticks in a sentence, in a terminal and in Markdown, and copied from there. */
export function fitsInline({ command, omitted }: DockerBuild): boolean {
  // Markdown makes one space of several, and of any other white space.
  return omitted.length === 0 && command.length <= LONGEST_INLINE && !/`| {2}|[^\S ]/.test(command);
}
