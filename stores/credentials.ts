import type { Diagnostic } from '../schema/diagnostic.js';
import { ConfigError } from '../schema/diagnostic.js';
import { parseEndpoint } from './endpoint.js';

/** Where an object store is and what opens it. */
export interface MinioAccess {
  /** `host:port`; an IPv6 host in brackets. */
  readonly endpoint: string;
  /** https instead of http. */
  readonly secure: boolean;
  readonly accessKey: string;
  readonly secretKey: string;
}

/** What {@link minioAccess} chooses from. */
export interface MinioAccessSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `image_builder.minio.credentials` of config.yaml. */
  readonly inline?: {
    readonly endpoint?: string | null;
    readonly access_key?: string | null;
    readonly secret_key?: string | null;
  };
  /** `minio` of the settings. */
  readonly settings: {
    readonly endpoint: string;
    readonly secure: boolean;
    readonly secret: { readonly name: string };
  };
  /** The content of a file, or undefined when it cannot be read. */
  readonly readFile: (path: string) => string | undefined;
}

/**
 * How this machine reaches the object store.
 *
 * The address: `KFOPS_MINIO_ENDPOINT`, else config.yaml's, else the settings'. The keys: `KFOPS_MINIO_ACCESS_KEY` and
 * `KFOPS_MINIO_SECRET_KEY` (or the files that the variables with `_FILE` at their end name), else config.yaml's.
 * An empty variable counts as not set. The two keys always come from the same place.
 *
 * @throws ConfigError that names each variable to set.
 */
export function minioAccess(sources: MinioAccessSources): MinioAccess {
  const problems: Diagnostic[] = [];
  const address = chooseEndpoint(sources, problems);
  const keys = chooseKeys(sources, problems);
  if (address === undefined || keys === undefined || problems.length > 0) throw new ConfigError(problems);
  return { ...address, ...keys };
}

const HOW_TO_WRITE = 'Write host, host:port, http://host:port or https://host:port.';

function chooseEndpoint(
  { env, inline, settings }: MinioAccessSources,
  problems: Diagnostic[],
): { endpoint: string; secure: boolean } | undefined {
  const [file, text] = env.KFOPS_MINIO_ENDPOINT
    ? ['KFOPS_MINIO_ENDPOINT', env.KFOPS_MINIO_ENDPOINT]
    : inline?.endpoint
      ? ['image_builder.minio.credentials.endpoint', inline.endpoint]
      : ['minio.endpoint of the settings', settings.endpoint];
  const parsed = parseEndpoint(text.trim());
  if (parsed !== undefined) return { endpoint: parsed.endpoint, secure: parsed.secure ?? settings.secure };
  const message = `${file} is not the address of an object store.`;
  problems.push({ code: 'WRONG_VALUE', severity: 'error', message, file, hint: HOW_TO_WRITE });
  return undefined;
}

function chooseKeys(
  sources: MinioAccessSources,
  problems: Diagnostic[],
): { accessKey: string; secretKey: string } | undefined {
  const accessKey = fromEnvironment('KFOPS_MINIO_ACCESS_KEY', sources, problems);
  const secretKey = fromEnvironment('KFOPS_MINIO_SECRET_KEY', sources, problems);
  if (accessKey === 'broken' || secretKey === 'broken') return undefined;
  if (accessKey && secretKey) return { accessKey: accessKey.value, secretKey: secretKey.value };

  const { access_key: inlineAccessKey, secret_key: inlineSecretKey } = sources.inline ?? {};
  if (!accessKey && !secretKey && inlineAccessKey && inlineSecretKey) {
    return { accessKey: inlineAccessKey, secretKey: inlineSecretKey };
  }
  if (!accessKey) problems.push(missing('KFOPS_MINIO_ACCESS_KEY', 'access key', sources));
  if (!secretKey) problems.push(missing('KFOPS_MINIO_SECRET_KEY', 'secret key', sources));
  return undefined;
}

function fromEnvironment(
  name: string,
  { env, readFile }: MinioAccessSources,
  problems: Diagnostic[],
): { readonly value: string } | 'broken' | undefined {
  const value = env[name];
  const path = env[`${name}_FILE`];
  if (value && path) {
    const message = `${name} and ${name}_FILE are both set.`;
    problems.push({
      code: 'WRONG_VALUE',
      severity: 'error',
      message,
      file: name,
      hint: 'Unset one of them.',
    });
    return 'broken';
  }
  if (!path) return value ? { value } : undefined;
  const content = readFile(path)?.replace(/\r?\n$/, '');
  if (content) return { value: content };
  const message = `${name}_FILE names ${path}, which ${content === '' ? 'is empty' : 'cannot be read'}.`;
  const hint = 'Name a readable file that holds the key and nothing else.';
  problems.push({ code: 'FILE_UNREADABLE', severity: 'error', message, file: `${name}_FILE`, hint });
  return 'broken';
}

function missing(name: string, what: string, { settings }: MinioAccessSources): Diagnostic {
  return {
    code: 'REQUIRED_KEY',
    severity: 'error',
    message: `The ${what} of the object store is not known: ${name} is not set.`,
    file: name,
    hint: `Set ${name}, or ${name}_FILE to a file that holds it. In the cluster it is in the Secret ${settings.secret.name}.`,
  };
}
