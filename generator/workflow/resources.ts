import { isRecord } from '../../common/json.js';
import type { Opaque } from './types.js';

/** Container resources with every quantity as text, as Kubernetes stores them: `cpu: 4` is `cpu: "4"`. */
export function quantitiesAsText(resources: Opaque): Opaque {
  return Object.fromEntries(
    Object.entries(resources).map(([kind, quantities]) => [
      kind,
      isRecord(quantities)
        ? Object.fromEntries(Object.entries(quantities).map(([name, amount]) => [name, String(amount)]))
        : quantities,
    ]),
  );
}
