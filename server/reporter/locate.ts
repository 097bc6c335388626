import type { Failure, ImageResult, WorkflowResult } from '../../generator/results/result.js';
import type { ServerContext } from '../context.js';
import type { Repository } from '../ports.js';
import type { Logger } from '../telemetry/log.js';

/** The commit that a workflow was built from. */
export interface Located {
  readonly repository: Repository;
  /** Full id. */
  readonly commit: string;
}

/**
 * Adds the line of the failed Dockerfile instruction to a result. Kaniko doesn't report it, so it is looked up in the
 * commit. If that fails, the result stays as it is.
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
