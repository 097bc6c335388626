import type { KubernetesObject } from '../../argo/objects/apply.js';
import { recordOf } from '../../common/json.js';
import { writeYaml } from '../../schema/write-yaml.js';
import { withOwner } from './objects.js';

/** In place of each value of a Secret. */
const PLACEHOLDER = '(not shown)';

/** Objects as YAML that kubectl reads, without what Secrets hold. */
export function objectsText(objects: readonly KubernetesObject[]): string {
  return objects.map((object) => `---\n${writeYaml(withoutSecrets(withOwner(object)))}`).join('');
}

function withoutSecrets(object: KubernetesObject): object {
  const { data, ...rest } = object;
  if (object.kind !== 'Secret' || data === undefined) return object;
  const keys = Object.keys(recordOf(data));
  return { ...rest, stringData: Object.fromEntries(keys.map((key) => [key, PLACEHOLDER])) };
}
