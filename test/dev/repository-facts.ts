import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { parse } from 'yaml';

import { recordOf } from '../../common/json.js';

/** What the settings need to say of a repository so that the server builds it. */
export interface RepositoryFacts {
  /** `owner/name` */
  readonly name: string;
  readonly registry: string;
  readonly namespace: string;
}

/** Reads them from its config.yaml. If that is missing or wrong, the server reports the error in its comment. */
export function repositoryFacts(folder: string): RepositoryFacts {
  const config = recordOf(readConfig(join(folder, 'config_files/config.yaml')));
  const { owner, name } = recordOf(config.repository);
  return {
    name: `${nameOr(owner, 'example-org')}/${nameOr(name, basename(folder))}`,
    registry: textOr(recordOf(config.image_builder).container_registry_uri, 'registry.example.com'),
    namespace: textOr(recordOf(config.pipeline).namespace, 'data-science'),
  };
}

function readConfig(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'), { logLevel: 'silent' });
  } catch {
    return undefined;
  }
}

/** GitHub's names; anything else would also lead out of the folder with the git repositories. */
function nameOr(value: unknown, otherwise: string): string {
  const name = textOr(value, otherwise).replaceAll(/[^\w.-]/g, '-');
  return /^\.*$/.test(name) ? 'repository' : name;
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value !== '' ? value : otherwise;
}
