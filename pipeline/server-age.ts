import type { CompiledPipeline } from './ir.js';
import { KfpRefusal, type KfpClient } from './kfp.js';

/** @returns a sentence if the server is older than the kfp that compiled: it refuses fields that it does not know */
export async function olderServer(
  client: KfpClient,
  { sdkVersion }: CompiledPipeline,
): Promise<string | undefined> {
  const { tag_name: tag } = await client.call({ method: 'GET', path: '/healthz' }).catch((error: unknown) => {
    // Some proxies hide it.
    if (error instanceof KfpRefusal && (error.status === 404 || error.status === 403))
      return { tag_name: undefined };
    throw error;
  });
  const server = /^v?(\d+\.\d+\.\d+)/.exec(typeof tag === 'string' ? tag : '')?.[1];
  if (sdkVersion === undefined || server === undefined || compareVersions(server, sdkVersion) >= 0)
    return undefined;
  return `The pipeline was compiled with kfp ${sdkVersion}, and the server is ${server}: it might not support all of it. Use a compiler image with kfp ${server}.`;
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  const differences = left.map((part, i) => part - (right[i] ?? 0));
  return differences.find((difference) => difference !== 0) ?? 0;
}
