import type { Check } from '../argo/doctor/doctor.js';
import { ConfigError } from '../schema/diagnostic.js';
import { ServiceError } from '../schema/errors.js';

/**
 * What failed, as a line of a diagnosis.
 *
 * @throws the error itself if it is neither a service's nor the configuration's
 */
export function problem(name: string, error: unknown): Check {
  if (error instanceof ServiceError)
    return { name, state: 'problem', found: error.message, nextStep: error.nextStep };
  if (!(error instanceof ConfigError)) throw error;
  const [first] = error.diagnostics;
  return {
    name,
    state: 'problem',
    found: first?.message ?? error.message,
    ...(first?.hint !== undefined && { nextStep: first.hint }),
  };
}
