import type { Failure, ImageResult, WorkflowResult } from '../../generator/results/result.js';
import type { ServerContext } from '../context.js';
import type { Repository } from '../ports.js';
import type { Logger } from '../telemetry/log.js';

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
  { planner }: Pick<ServerContext, 'planner'>,
  result: WorkflowResult,
  { repository, commit }: Located,
  log: Logger,
  signal: AbortSignal,
): Promise<WorkflowResult> {
  const unlocated = result.images.filter(isUnlocated);
  if (unlocated.length === 0) return result;
  try {
    const instructions = unlocated.map(({ failure }) => failure.instruction);
    const lines = await planner.do(
      'lines',
      { repository, commit, instructions },
      { repository, log, signal },
    );
    const found = new Map(unlocated.map((image, i) => [image, lines[i]]));
    return { ...result, images: result.images.map((image) => withLine(image, found)) };
  } catch (err) {
    signal.throwIfAborted();
    log.debug({ err }, 'cannot look up the line of a failed instruction');
    return result;
  }
}

type Unlocated = ImageResult & {
  readonly failure: Failure & { readonly instruction: NonNullable<Failure['instruction']> };
};

function isUnlocated(image: ImageResult): image is Unlocated {
  return image.failure?.instruction !== undefined && image.failure.location === undefined;
}

function withLine(image: ImageResult, found: ReadonlyMap<ImageResult, number | undefined>): ImageResult {
  const line = found.get(image);
  if (line === undefined || !isUnlocated(image)) return image;
  const { file } = image.failure.instruction;
  return { ...image, failure: { ...image.failure, location: { file, line } } };
}
