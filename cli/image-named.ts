import type { Plan, PlannedImage } from '../generator/plan/plan-types.js';
import { ConfigError } from '../schema/diagnostic.js';
import { suggest } from '../common/suggest.js';

/**
 * The image with this name.
 *
 * @throws ConfigError that names the ones there are
 */
export function imageNamed(plan: Plan, name: string): PlannedImage {
  const image = plan.images.find((image) => image.name === name);
  if (image) return image;
  const names = plan.images.map((image) => image.name);
  const near = suggest(name, names);
  const some = names.slice(0, 10).join(', ');
  const there =
    names.length === 0
      ? 'the configuration has no images'
      : `there are: ${some}${names.length > 10 ? ', …' : ''}`;
  throw new ConfigError([
    {
      code: 'WRONG_VALUE',
      severity: 'error',
      message: `the configuration has no image \`${name}\``,
      file: 'IMAGE',
      hint: near === undefined ? there : `did you mean \`${near}\`? ${there}`,
    },
  ]);
}
