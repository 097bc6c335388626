import { contextCommand, dockerBuild, fitsInline } from '../../generator/docker-build.js';
import { TAG_DIGITS } from '../../generator/plan/tag.js';
import type { BuildOptions } from './build-options.js';

/** Commands that a failure recommends, for one image. */
export interface BuildCommands {
  /** `kfops context`, without `-o`. */
  readonly context: string;
  /** Builds the image on a person's machine; absent where it can't be shown in a sentence. */
  readonly docker?: string;
}

/** @param options - absent: nothing is known but the image's name */
export function buildCommands(
  name: string,
  { docker, commit }: BuildOptions = { docker: { dockerfile: 'Dockerfile', buildArgs: [] } },
): BuildCommands {
  const shortCommit = commit?.slice(0, TAG_DIGITS);
  const build = dockerBuild({ name, ...docker }, { kind: 'pipe', commit: shortCommit });
  return {
    context: contextCommand(name, shortCommit),
    ...(fitsInline(build) && { docker: build.command }),
  };
}
