import type { Project } from '../project/project.js';
import type { ArgumentDetails } from './plan-types.js';

/** @returns what there is to say about the arguments of the configuration, as a part of a pipeline's plan */
export function argumentDetails({ config, setArguments }: Pick<Project, 'config' | 'setArguments'>): {
  readonly argumentDetails?: ArgumentDetails;
} {
  const texts = Object.entries(config.value.pipeline.pipeline_args).flatMap(([name, value]) => {
    if (typeof value !== 'number' && typeof value !== 'boolean') return [];
    const text = config.text(['pipeline', 'pipeline_args', name]);
    return text === undefined || text === String(value) ? [] : [[name, text] as const];
  });
  const details = {
    ...(texts.length > 0 && { texts: Object.fromEntries(texts) }),
    ...(setArguments && { set: setArguments }),
  };
  return Object.keys(details).length > 0 ? { argumentDetails: details } : {};
}
