import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { parseSettings } from '../../schema/index.js';

/** The settings file of the examples: it names images of Kfops, so that plans have no warning about them. */
export const EXAMPLE_SETTINGS_FILE = fileURLToPath(new URL('../../examples/settings.yaml', import.meta.url));

/** Its values. */
export const EXAMPLE_SETTINGS = parseSettings(readFileSync(EXAMPLE_SETTINGS_FILE, 'utf8'), {
  file: 'examples/settings.yaml',
}).value;
