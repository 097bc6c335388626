import type { Project } from '../project/project.js';
import type { ConfigPath } from '../../schema/tree.js';
import type { ArgumentDetails } from './plan-types.js';

/** @returns what there is to say about the arguments of the configuration, as a part of a pipeline's plan */
export function argumentDetails({ config, setArguments }: Pick<Project, 'config' | 'setArguments'>): {
  readonly argumentDetails?: ArgumentDetails;
} {
  const texts = writtenTexts(config, ['pipeline', 'pipeline_args'], config.value.pipeline.pipeline_args);
  const details = {
    ...(texts && { texts }),
    ...(setArguments && { set: setArguments }),
  };
  return Object.keys(details).length > 0 ? { argumentDetails: details } : {};
}

/**
 * Numbers and booleans as they were written, where that is another text: `3.10` for 3.1.
 *
 * @param path - of the map in the configuration
 * @returns undefined where there are none
 */
export function writtenTexts(
  config: Pick<Project['config'], 'text'>,
  path: ConfigPath,
  values: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string>> | undefined {
  const texts = Object.entries(values).flatMap(([name, value]) => {
    if (typeof value !== 'number' && typeof value !== 'boolean') return [];
    const text = config.text([...path, name]);
    return text === undefined || text === String(value) ? [] : [[name, text] as const];
  });
  return texts.length > 0 ? Object.fromEntries(texts) : undefined;
}
