import type { Diagnostic } from '../../schema/index.js';
import { trimEndOf } from '../../schema/trim-end.js';
import { parseEndpoint } from '../../stores/endpoint.js';
import type { Session } from '../session.js';
import type { Choices, GitHubCredentials } from './choices.js';
import type { BootstrapFlags, KnownValues } from './flags.js';
import { NAMESPACES } from './namespaces.js';
import { loginsOf } from './logins.js';
import { missingFlag } from './missing-flag.js';
import {
  type FileProblem,
  readCertificates,
  readPrivateKey,
  readSecretFile,
  unreadable,
} from './secret-files.js';

/** What the flags and answers make; `choices` is absent where that is nothing to use. */
export interface MadeChoices {
  readonly choices?: Choices;
  readonly problems: readonly Diagnostic[];
}

/** Puts the values together, and reads the files that flags name. */
export async function choicesOf(
  session: Pick<Session, 'io'>,
  flags: BootstrapFlags,
  known: KnownValues,
): Promise<MadeChoices> {
  const problems: Diagnostic[] = [];
  const one = (key: keyof BootstrapFlags): string | undefined => known.get(key)?.[0];
  const registries = known.get('registry') ?? [];
  const imagesRegistry = one('imagesRegistry');
  const url = one('url');
  const builds = one('namespace') ?? NAMESPACES.builds;
  const server = one('serverNamespace') ?? NAMESPACES.server;
  if (builds === server)
    problems.push(wrong('--server-namespace', `\`${server}\` is the namespace of the builds, too`, APART));
  const files = fileReader(session, problems);
  const github = gitHubOf(flags, files, problems);
  const storeKeys = storeKeysOf(flags, files, problems);
  const logins = await loginsOf(session, flags, { registries, imagesRegistry }, problems);
  const certificates = files('--extra-certificates', flags.extraCertificates, readCertificates);
  const className = one('ingressClass');
  const tlsSecret = one('tlsSecret');
  if (tlsSecret !== undefined && className === undefined)
    problems.push(wrong('--tls-secret', 'there is no Ingress for this Secret', 'give --ingress-class, too'));
  const annotations = known.get('ingressAnnotation') ?? [];
  if (annotations.length > 0 && className === undefined)
    problems.push(
      wrong('--ingress-annotation', 'there is no Ingress for this annotation', 'give --ingress-class, too'),
    );
  const store = parseEndpoint(one('storeEndpoint') ?? '');
  const [region, argoUrl, kfpEndpoint, kfpUrl, githubApiUrl, kanikoImage] = (
    ['storeRegion', 'argoUrl', 'kfpEndpoint', 'kfpUrl', 'githubApiUrl', 'kanikoImage'] as const
  ).map(one);
  if (imagesRegistry === undefined || url === undefined) return { problems };
  const choices: Choices = {
    registries: registries.map((registry) => trimEndOf(registry, '/')),
    imagesRegistry: trimEndOf(imagesRegistry, '/'),
    ...(kanikoImage !== undefined && { kanikoImage }),
    repositories: known.get('repository') ?? [],
    sharedTrust: flags.sharedTrust ?? false,
    url: trimEndOf(url, '/'),
    profiles: known.get('profileNamespace') ?? [],
    builds,
    server,
    ...(store && { store }),
    ...(storeKeys && { storeKeys }),
    ...(region !== undefined && { region }),
    ...(argoUrl !== undefined && { argoUrl }),
    ...(kfpEndpoint !== undefined && { kfpEndpoint }),
    ...(kfpUrl !== undefined && { kfpUrl }),
    ...(github && { github }),
    ...(githubApiUrl !== undefined && { githubApiUrl }),
    ...(certificates !== undefined && { certificates }),
    ...logins,
    insecure: flags.insecure ?? false,
    ...(className !== undefined && {
      ingress: {
        className,
        ...(tlsSecret !== undefined && { tlsSecret }),
        ...(annotations.length > 0 && { annotations: Object.fromEntries(annotations.map(keyAndValue)) }),
      },
    }),
  };
  return { choices, problems };
}

const APART = 'builds run code of pull requests: keep the server in a namespace of its own';

type Read = (
  flag: string,
  file: string | undefined,
  read?: (io: Session['io'], file: string) => string | FileProblem,
) => string | undefined;

/** Reads the files of flags; what cannot be read is a problem of its flag. */
function fileReader({ io }: Pick<Session, 'io'>, problems: Diagnostic[]): Read {
  return (flag, file, read = readSecretFile) => {
    if (file === undefined) return undefined;
    const content = read(io, file);
    if (typeof content === 'string') return content;
    problems.push(unreadable(flag, file, content));
    return undefined;
  };
}

/** With an App the number may come alone: the keys are in the cluster then. */
function gitHubOf(flags: BootstrapFlags, read: Read, problems: Diagnostic[]): GitHubCredentials | undefined {
  const { githubAppId, githubKeyFile, githubTokenFile, webhookSecretFile } = flags;
  const app = [githubAppId, githubKeyFile].filter((value) => value !== undefined);
  if (app.length > 0 && githubTokenFile !== undefined)
    problems.push(wrong('--github-token-file', 'there are both an App and a token', 'leave one of them out'));
  const needed: (readonly [string, boolean])[] = [];
  if (app.length > 0) needed.push(['--github-app-id', githubAppId !== undefined]);
  if (app.length > 0) needed.push(['--github-key-file', githubKeyFile !== undefined]);
  if (app.length > 0 || githubTokenFile !== undefined)
    needed.push(['--webhook-secret-file', webhookSecretFile !== undefined]);
  else if (webhookSecretFile !== undefined)
    problems.push(
      wrong(
        '--webhook-secret-file',
        'there are no credentials for GitHub that it belongs to',
        'give --github-app-id and --github-key-file, or --github-token-file; or leave it out: a new App gets its own',
      ),
    );
  for (const [flag, isThere] of needed)
    if (!isThere)
      problems.push(
        missingFlag(
          flag,
          'an App has --github-app-id, --github-key-file and --webhook-secret-file; a token has --github-token-file and --webhook-secret-file',
        ),
      );
  const privateKey = read('--github-key-file', githubKeyFile, readPrivateKey);
  const token = read('--github-token-file', githubTokenFile);
  const webhookSecret = read('--webhook-secret-file', webhookSecretFile);
  if (webhookSecret === undefined) return undefined;
  if (token !== undefined) return { kind: 'token', token, webhookSecret };
  if (privateKey === undefined || githubAppId === undefined) return undefined;
  return { kind: 'app', id: Number(githubAppId), privateKey, webhookSecret };
}

function storeKeysOf(
  { storeAccessKeyFile, storeSecretKeyFile }: BootstrapFlags,
  read: Read,
  problems: Diagnostic[],
): Choices['storeKeys'] {
  const accessKey = read('--store-access-key-file', storeAccessKeyFile);
  const secretKey = read('--store-secret-key-file', storeSecretKeyFile);
  if ((storeAccessKeyFile === undefined) !== (storeSecretKeyFile === undefined)) {
    const flag = storeAccessKeyFile === undefined ? '--store-access-key-file' : '--store-secret-key-file';
    problems.push(missingFlag(flag, 'the two keys of an object store belong together: give both files'));
  }
  return accessKey !== undefined && secretKey !== undefined ? { accessKey, secretKey } : undefined;
}

/** The value may have a `=`, too. */
function keyAndValue(word: string): readonly [string, string] {
  const at = word.indexOf('=');
  return [word.slice(0, at), word.slice(at + 1)];
}

function wrong(flag: string, message: string, hint: string): Diagnostic {
  return { code: 'WRONG_VALUE', severity: 'error', message, file: flag, hint };
}
