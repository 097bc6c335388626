import { isRecord, recordOf } from '../common/json.js';
import { readDocument } from './document.js';
import { Source } from './source.js';
import { validate } from './validate.js';

/** What a configuration says at a glance, right or wrong elsewhere. */
export interface ConfigGlance {
  /** Absent where it is missing or no name on GitHub. */
  readonly repository?: { readonly owner: string; readonly name: string };
  /** Names of its images, as far as they are texts. */
  readonly images: readonly string[];
}

/**
 * Reads a few values of config.yaml without checking the rest: for what should work while somebody edits the file. What
 * can't be read is absent.
 */
export function glanceConfig(text: string): ConfigGlance {
  const { tree } = readDocument(new Source('config.yaml', text));
  if (tree?.kind !== 'map') return { images: [] };
  const { value, violations } = validate('config', tree);
  const { repository, image_builder: builder } = recordOf(value);
  const isWrong = violations.some(({ path }) => path.length > 0 && path[0] === 'repository');
  const { owner, name } = recordOf(repository);
  const { images } = recordOf(builder);
  return {
    ...(!isWrong && typeof owner === 'string' && typeof name === 'string' && { repository: { owner, name } }),
    images: (Array.isArray(images) ? images : [])
      .filter(isRecord)
      .flatMap((image) => (typeof image.name === 'string' ? [image.name] : [])),
  };
}
