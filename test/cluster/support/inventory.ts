import { kubectl } from './commands.js';

/** Made by the cluster itself, or by workflows, which their owners keep as long as they want. */
const OTHERS =
  /^(?:events|endpoints|endpointslices|pods|replicasets|componentstatuses|leases\.coord.*|.*argoproj\.io)(?:\.|$)/;

/** All objects of the cluster: kind, namespace and name. */
export async function inventory(): Promise<readonly string[]> {
  const kinds = (await kubectl('api-resources', '--verbs=list,delete', '-o', 'name'))
    .split('\n')
    .filter((kind) => kind && !OTHERS.test(kind));
  const columns = 'K:.kind,S:.metadata.namespace,N:.metadata.name';
  const text = await kubectl('get', kinds.join(','), '-A', '--no-headers', '-o', `custom-columns=${columns}`);
  return text
    .split('\n')
    .map((line) => line.trim().replaceAll(/ +/g, ' '))
    .filter(Boolean)
    .sort();
}

/** What came and what went since then; both are empty where nothing is left and nothing else was taken. */
export async function changesSince(earlier: readonly string[]): Promise<Record<'came' | 'went', string[]>> {
  const now = await inventory();
  return {
    came: now.filter((each) => !earlier.includes(each)),
    went: earlier.filter((each) => !now.includes(each)),
  };
}
