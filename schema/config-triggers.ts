import { recordOf } from '../common/json.js';
import { ConfigError, hasErrors } from './diagnostic.js';
import { readDocument } from './document.js';
import type { Config } from './generated/config.js';
import { sortDiagnostics } from './sort.js';
import { Source } from './source.js';
import { validate, withoutNulls } from './validate.js';

/**
 * Reads the section `triggers` of config.yaml, whatever else is wrong in the file: what it starts says that.
 *
 * @param options.file - the file as the user knows it
 * @returns undefined without the section
 * @throws ConfigError if the file isn't YAML, or this section has errors
 */
export function parseTriggers(text: string, { file }: { readonly file: string }): Config['triggers'] {
  const { tree, diagnostics } = readDocument(new Source(file, text));
  if (!tree) {
    if (hasErrors(diagnostics)) throw new ConfigError(sortDiagnostics(diagnostics, file));
    return undefined;
  }
  const { value, violations } = validate('config', tree);
  const own = violations.filter(({ path }) => path[0] === 'triggers').map(({ diagnostic }) => diagnostic);
  if (hasErrors(own)) throw new ConfigError(sortDiagnostics(own, file));
  return (withoutNulls(recordOf(value), []) as Partial<Config>).triggers;
}
