import { all, any, not, sure } from './answers.js';
import type { Answer, KnownLabels, LabelSelector } from './types.js';

/** Whether a selector selects what has these labels. */
export function selects(
  { matchLabels = {}, matchExpressions = [] }: LabelSelector,
  known: KnownLabels,
): Answer {
  return all([
    ...Object.entries(matchLabels).map(([key, value]) => isOneOf(known, key, [value])),
    ...matchExpressions.map(({ key, operator, values = [] }): Answer => {
      switch (operator) {
        case 'In':
          return isOneOf(known, key, values);
        case 'NotIn':
          // Also where there is no such label.
          return not(isOneOf(known, key, values));
        case 'Exists':
          return isThere(known, key);
        case 'DoesNotExist':
          return not(isThere(known, key));
        default:
          return 'unknown';
      }
    }),
  ]);
}

function isThere({ labels, complete }: KnownLabels, key: string): Answer {
  if (Object.hasOwn(labels, key)) return 'yes';
  return complete ? 'no' : 'unknown';
}

function isOneOf(known: KnownLabels, key: string, values: readonly string[]): Answer {
  const value = Object.hasOwn(known.labels, key) ? known.labels[key] : undefined;
  if (value === undefined) return all([isThere(known, key), 'unknown']);
  return value === null ? 'unknown' : any(values.map((each) => sure(each === value)));
}
