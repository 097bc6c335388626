import { instructionLine } from '../generator/instruction-line.js';
import type { Failure, ImageResult, WorkflowResult } from '../generator/result.js';
import type { Logger } from './log.js';
import type { Repository } from './ports.js';
import type { World } from './world.js';

/** Which commit a workflow was made of. */
export interface Located {
  readonly repository: Repository;
  /** Full id. */
  readonly commit: string;
}

/**
 * A result in which the failed instruction of a Dockerfile has its line, which Kaniko does not tell: it is looked up in
 * the commit. Where that cannot be done the result stays as it is, as it is told without the line, too.
 */
export async function locateInstructions(
  { openCommit }: Pick<World, 'openCommit'>,
  result: WorkflowResult,
  { repository, commit }: Located,
  log: Logger,
  signal: AbortSignal,
): Promise<WorkflowResult> {
  if (!result.images.some(isUnlocated)) return result;
  try {
    const source = await openCommit(repository, commit, signal);
    try {
      const files = new Set(result.images.filter(isUnlocated).map(({ failure }) => failure.instruction.file));
      const texts = new Map<string, string | undefined>();
      for (const file of files) texts.set(file, await source.text(file));
      return { ...result, images: result.images.map((image) => withLine(image, texts)) };
    } finally {
      await source.dispose();
    }
  } catch (err) {
    signal.throwIfAborted();
    log.debug({ err }, 'the line of a failed instruction cannot be looked up');
    return result;
  }
}

type Unlocated = ImageResult & {
  readonly failure: Failure & { readonly instruction: NonNullable<Failure['instruction']> };
};

function isUnlocated(image: ImageResult): image is Unlocated {
  return image.failure?.instruction !== undefined && image.failure.location === undefined;
}

function withLine(image: ImageResult, texts: ReadonlyMap<string, string | undefined>): ImageResult {
  if (!isUnlocated(image)) return image;
  const { file, text } = image.failure.instruction;
  const line = instructionLine(texts.get(file) ?? '', text);
  return line === undefined ? image : { ...image, failure: { ...image.failure, location: { file, line } } };
}
