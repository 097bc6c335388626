import { isRecord, type JsonRecord } from '../common/json.js';
import { KFP_ID } from '../generator/workflow/step-output.js';
import { ServiceError } from '../schema/errors.js';
import { KfpRefusal } from './kfp.js';

/** Makes one kind of refusal an absent answer. */
export function nothingFor(status: number): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof KfpRefusal && error.status === status) return undefined;
    throw error;
  };
}

/** @returns the objects of a list, which KFP leaves out when it is empty */
export function itemsOf(list: unknown): readonly JsonRecord[] {
  const items: readonly unknown[] = Array.isArray(list) ? list : [];
  return items.filter(isRecord);
}

/** @throws ServiceError where KFP's answer has no id, or a text that Argo must not be given as one */
export function idOf(
  answer: Readonly<Record<string, unknown>> | undefined,
  key: string,
  what: string,
): string {
  const id = answer?.[key];
  if (typeof id === 'string' && KFP_ID.test(id)) return id;
  const [problem, nextStep] =
    typeof id === 'string' && id !== ''
      ? [
          `the id of ${what} isn't one: ${JSON.stringify(id.slice(0, 100))}`,
          'Check that `kfp.endpoint` in the settings is the address of Kubeflow Pipelines.',
        ]
      : [`${what} was there and is not found`, 'Try again: it may have been deleted just now.'];
  throw new ServiceError('Kubeflow Pipelines', 'the API server', problem, nextStep);
}
