import { asRecord, parseRecord, type JsonRecord } from '../common/json.js';
import type { BaseResult } from '../generator/results/step-outputs.js';
import type { BaseToCheck, ImageToTag, TagWork } from '../generator/workflow/tag-step.js';
import type { ImageAnswer } from '../generator/ports.js';
import { isTag } from '../schema/image-reference.js';
import { isDigest, WorkError } from '../schema/index.js';

/**
 * Reads what the step `tag` does, as the plan's workflow has it: `{"images":[…],"bases":[…]}`.
 *
 * @param file - its name, for errors
 * @throws WorkError for anything else
 */
export function parseTagWork(text: string, file: string): TagWork {
  const value = parseRecord(text);
  const { images, bases } = value ?? {};
  if (!Array.isArray(images) || !Array.isArray(bases))
    throw refuse(file, 'it is not a JSON object with the lists `images` and `bases`');
  return {
    images: images.map((each, at): ImageToTag => entry(each, `images[${at}]`, file)),
    bases: bases.map((each, at): BaseToCheck => {
      const { platform } = asRecord(each) ?? {};
      return { ...entry(each, `bases[${at}]`, file), ...(typeof platform === 'string' && { platform }) };
    }),
  };
}

/** What an answer of the registry means for a base image that had this digest. */
export function compareBase(digest: string, answer: ImageAnswer): BaseResult {
  switch (answer.state) {
    case 'found':
      return answer.digest === digest ? 'same' : { other: answer.digest };
    case 'absent':
      return 'absent';
    case 'unknown':
      return { unknown: answer.why };
  }
}

function entry(value: unknown, place: string, file: string): ImageToTag {
  const fields: JsonRecord = asRecord(value) ?? {};
  const { name, repository, digest, tag, insecure } = fields;
  if (typeof name !== 'string' || typeof repository !== 'string')
    throw refuse(file, `${place} has no name or no repository`);
  if (typeof digest !== 'string' || !isDigest(digest)) throw refuse(file, `${place} has no valid digest`);
  if (typeof tag !== 'string' || !isTag(tag)) throw refuse(file, `${place} has no valid tag`);
  return { name, repository, digest, tag, ...(insecure === true && { insecure }) };
}

function refuse(file: string, problem: string): WorkError {
  return new WorkError(
    `${file} cannot be used: ${problem}`,
    'Build again. If it fails again, the versions of kfops and of its image in the settings may differ.',
  );
}
