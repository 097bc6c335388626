import type { Plan, PlannedImage } from '../generator/plan/plan-types.js';
import { ConfigError } from '../schema/diagnostic.js';
import { unknownImage } from './image-operands.js';

/**
 * The image with this name.
 *
 * @throws ConfigError that names the ones there are
 */
export function imageNamed(plan: Plan, name: string): PlannedImage {
  const image = plan.images.find((image) => image.name === name);
  if (image) return image;
  const names = plan.images.map(({ name }) => name);
  throw new ConfigError([unknownImage(name, names)]);
}
