import { scheduleLines, type ScheduleChanges } from '../generator/results/schedule-changes.js';
import type { PublishOutput } from '../generator/results/step-outputs.js';
import {
  clientOf,
  KFP_ARGUMENTS,
  readJsonObject,
  readText,
  stepArguments,
  writeOutput,
  writeResult,
  type StepIo,
} from './arguments.js';
import { parseImages } from './images.js';
import { pinImages } from './pin.js';
import { publish } from './publish.js';
import { applyFile } from './schedules/apply-file.js';
import { readSchedules } from './schedules/schedules-file.js';
import { summarise } from './summary.js';

const ARGUMENTS = [
  ...KFP_ARGUMENTS,
  'compiled',
  'images',
  'expect',
  'output',
  'name',
  'version',
  'description',
  'version-description',
  'schedules',
  'repository',
  'experiment',
];

/**
 * The step after compiling: pins the images and, where an endpoint is given, publishes the pipeline. Writes
 * `pipeline.yaml` and `result.json` into the folder `--output`, and where it published `pipeline_id` and `version_id`.
 * With `--schedules`, it then makes the recurring runs of the repository those of that file.
 *
 * @param argv - `--compiled --images [--expect=NAME=REPOSITORY …] --output --name --version [--description]
 *   [--version-description] [--endpoint --namespace [--token-file] [--schedules --repository --experiment]]`; images and
 *   schedules are JSON files
 * @throws WorkError, ServiceError
 */
export async function publishStep(argv: readonly string[], io: StepIo): Promise<void> {
  const args = stepArguments(argv, ARGUMENTS);
  const output = args.needed('output');
  const version = args.needed('version');
  const images = parseImages(await readText(args.needed('images')), 'images.json', args.expected);
  const { yaml, report } = pinImages(await readText(args.needed('compiled')), images, args.expected);
  await writeOutput(output, 'pipeline.yaml', yaml);
  for (const { executor, reference } of report.pinned) io.log(`pinned ${executor}: ${reference}`);

  const result: PublishOutput = { images: summarise(report), version, warnings: [] };
  await writeResult(output, result);
  if (args.optional('endpoint') === undefined) return;
  const description = args.optional('description');
  const versionDescription = args.optional('version-description');
  const published = await publish(clientOf(args, io.signal), {
    name: args.needed('name'),
    namespace: args.needed('namespace'),
    version,
    compiled: yaml,
    ...(description !== undefined && { description }),
    ...(versionDescription !== undefined && { versionDescription }),
  });
  for (const warning of published.warnings) io.log(`warning: ${warning}`);
  io.log(
    `published version ${published.version} (${published.versionId}) of pipeline ${published.pipelineId}`,
  );
  await writeOutput(output, 'pipeline_id', published.pipelineId);
  await writeOutput(output, 'version_id', published.versionId);
  const done: PublishOutput = {
    ...result,
    version: published.version,
    pipeline_id: published.pipelineId,
    version_id: published.versionId,
    warnings: published.warnings,
  };
  await writeResult(output, done);
  const file = args.optional('schedules');
  if (file === undefined) return;
  const schedules = await applyFile(clientOf(args, io.signal), {
    repository: args.needed('repository'),
    namespace: args.needed('namespace'),
    experiment: args.needed('experiment'),
    published,
    entries: readSchedules(await readJsonObject(file)),
  });
  if (!schedules) return;
  for (const line of scheduleLines(schedules)) io.log(`schedules: ${line}`);
  await writeResult(output, { ...done, schedules: cutChanges(schedules) } satisfies PublishOutput);
}

/** A Workflow has to carry them in its status. */
const MOST_SCHEDULES = 50;

/** Others in the namespace can write a name into a mark. */
function cutChanges({ created, replaced, kept, removed }: ScheduleChanges): ScheduleChanges {
  const cut = (names: readonly string[]): string[] =>
    names.slice(0, MOST_SCHEDULES).map((name) => name.slice(0, LONGEST_SCHEDULE));
  return { created: cut(created), replaced: cut(replaced), kept: cut(kept), removed: cut(removed) };
}

const LONGEST_SCHEDULE = 50;
