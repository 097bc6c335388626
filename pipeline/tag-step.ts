import type { TagOutput } from '../generator/results/step-outputs.js';
import { RegistryClient } from '../stores/registry/client.js';
import { dockerLogins } from '../stores/registry/docker-config.js';
import { putTag } from '../stores/registry/put-tag.js';
import { imageRegistries } from '../stores/registry/registries.js';
import { readText, stepArguments, writeResult, type StepIo } from './arguments.js';
import { compareBase, parseTagWork } from './tag-work.js';

const CONCURRENT = 8;
/** What is not done by then is skipped: no build waits longer for a tag. */
const PATIENCE_MS = 10 * 60 * 1000;

/**
 * The step before the last ones: gives images that were not built the tag of this build, and looks whether base images
 * are still those of the plan. Writes `result.json` into the folder `--output`; what a registry refuses is in there. Logs
 * in as Docker's config.json in `$DOCKER_CONFIG` says.
 *
 * @param argv - `--images --output`; images is a JSON file
 * @throws WorkError where the arguments or the file are wrong; the reason of the signal
 */
export async function tagStep(argv: readonly string[], io: StepIo, patienceMs = PATIENCE_MS): Promise<void> {
  const args = stepArguments(argv, ['images', 'output']);
  const output = args.needed('output');
  const work = parseTagWork(await readText(args.needed('images')), 'images.json');
  const patience = AbortSignal.timeout(patienceMs);
  const signal = io.signal ? AbortSignal.any([io.signal, patience]) : patience;
  const options = { logins: dockerLogins(undefined, { env: process.env }), concurrent: CONCURRENT, signal };
  const client = new RegistryClient(options);
  const registries = imageRegistries(options, client);

  const images = work.images.map(async ({ name, ...request }) => {
    const result = await putTag(client, request);
    const reference = `${request.repository}:${request.tag}`;
    io.log(
      typeof result === 'string'
        ? `${result}: ${reference} is ${request.digest}`
        : `skipped: ${reference}: ${result.skipped}`,
    );
    return { name, result };
  });
  const bases = work.bases.map(async ({ name, tag, digest, ...question }) => {
    const answer = await registries.find({ ...question, reference: tag }).catch((error: unknown) => {
      if (!patience.aborted) throw error;
      return { state: 'unknown', why: 'the registry did not answer in time' } as const;
    });
    const result = compareBase(digest, answer);
    io.log(`base image ${name}: ${typeof result === 'string' ? result : JSON.stringify(result)}`);
    return { name, result };
  });
  const [tagged, checked] = await Promise.all([Promise.all(images), Promise.all(bases)]);
  io.signal?.throwIfAborted();
  await writeResult(output, { images: tagged, bases: checked } satisfies TagOutput);
}
