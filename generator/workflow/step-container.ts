import type { WorkflowSettings } from './settings.js';
import { LOCKED_DOWN, WRITABLE } from './step.js';
import type { Container, Opaque } from './types.js';

/**
 * A step of our own image: `node /opt/kfops/dist/pipeline/main.js <step> …`.
 *
 * @param volumeMounts - in addition to the folders it writes into
 */
export function stepContainer(
  settings: Pick<WorkflowSettings, 'kfops'>,
  step: 'tag' | 'publish' | 'run',
  args: readonly string[],
  volumeMounts: readonly Opaque[],
): Container {
  return {
    image: settings.kfops.image,
    command: ['node', '/opt/kfops/dist/pipeline/main.js', step],
    args,
    volumeMounts: [...WRITABLE.volumeMounts, ...volumeMounts],
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '1Gi' } },
    securityContext: LOCKED_DOWN,
  };
}
