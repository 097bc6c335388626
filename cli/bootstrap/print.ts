import type { KubernetesObject } from '../../argo/objects/apply.js';
import { recordOf } from '../../common/json.js';
import { writeYaml } from '../../schema/write-yaml.js';
import { withOwner } from './objects.js';

/**
 * Objects as YAML that kubectl reads. A Secret with values is a comment: applied with placeholders, it would replace
 * the real values.
 */
export function objectsText(objects: readonly KubernetesObject[]): string {
  return objects.map((object) => secretComment(object) ?? `---\n${writeYaml(withOwner(object))}`).join('');
}

function secretComment({ kind, type, data, metadata }: KubernetesObject): string | undefined {
  // The Secret of a service account has no values: Kubernetes fills it.
  if (kind !== 'Secret' || data === undefined) return undefined;
  const keys = Object.keys(recordOf(data));
  const { name, namespace = 'default', annotations = {} } = metadata;
  const files = keys.map((key) => `--from-file=${key}=FILE`);
  const ofType = type === 'Opaque' ? [] : [`--type=${String(type)}`];
  const create = ['kubectl create secret generic', name, '-n', namespace, ...ofType, ...files].join(' ');
  const annotate = Object.entries(annotations).map(
    ([key, value]) => `# then kubectl annotate secret ${name} -n ${namespace} ${key}=${value}\n`,
  );
  return `# Secret ${name} in ${namespace}, keys: ${keys.join(', ')}; create it with\n# ${create}\n${annotate.join('')}`;
}
