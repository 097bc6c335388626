import type { ImageRegistries } from '../generator/ports.js';
import type { Settings } from '../schema/index.js';
import type { Io } from './io.js';

/** The image registries, as this person's other programs reach them. */
export async function openRegistries(
  { env, interrupted: signal }: Pick<Io, 'env' | 'interrupted'>,
  settings: Settings,
): Promise<ImageRegistries> {
  const { personalRegistries } = await import('../stores/registry/from-settings.js');
  return personalRegistries(settings, { env, signal });
}
