import type { Check } from '../../argo/doctor/doctor.js';
import { ServiceError, WorkError } from '../../schema/index.js';

/**
 * What could not be looked at, as a line of the diagnosis.
 *
 * @param nextStep - where the error's own isn't exact enough
 * @throws the error itself if it is a bug
 */
export function failed(name: string, error: unknown, nextStep?: string): Check {
  if (!(error instanceof ServiceError || error instanceof WorkError)) throw error;
  const step = nextStep ?? error.nextStep;
  return { name, state: 'problem', found: error.message, ...(step !== undefined && { nextStep: step }) };
}
