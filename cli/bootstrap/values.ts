import { registriesMeet, registryBase } from '../../generator/project/registries.js';
import { destinationOf, parseImageReference } from '../../schema/image-reference.js';
import { parseEndpoint } from '../../stores/endpoint.js';
import type { BootstrapFlags } from './flags.js';

/** A value that a person types: a flag, or the answer to a question. */
export interface Value {
  readonly flag: string;
  /** Of the flags, where it is there. */
  readonly key: keyof BootstrapFlags;
  /** What it is, for the question and for the error without it. */
  readonly what: string;
  /** Several, with commas between them in an answer. */
  readonly isList?: true;
  /** An empty answer is fine. */
  readonly isOptional?: true;
  /** What is proposed, of what is known by then; undefined: nothing. */
  readonly propose?: (known: KnownValues) => string | undefined;
  /** A clause that says what is wrong with one of its words, and how to write it. */
  readonly problem: (word: string, known: KnownValues) => string | undefined;
}

/** The words of each value that is known, by its key. */
export type KnownValues = ReadonlyMap<keyof BootstrapFlags, readonly string[]>;

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const DNS_NAME = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;
const HTTP = /^https?:\/\/[^\s/?#@]+(?:\/[^\s?#]*)?$/;

const label = (word: string): string | undefined =>
  LABEL.test(word)
    ? undefined
    : "isn't the name of a namespace: use lower-case letters, digits and `-`, at most 63";
const dnsName = (word: string): string | undefined =>
  DNS_NAME.test(word) ? undefined : "isn't a name in Kubernetes: use lower-case letters, digits, `-` and `.`";
const http = (word: string): string | undefined =>
  HTTP.test(word) && URL.canParse(word)
    ? undefined
    : "isn't an address: write https://host, without a login and a query";
// The server fetches repositories from the same host, by https only.
const https = (word: string): string | undefined =>
  http(word) ?? (word.startsWith('https:') ? undefined : "isn't an https address: write https://host/api/v3");
const anything = (): undefined => undefined;

/** The values in the order of the questions; what is not asked for has a flag only. */
export const VALUES: readonly Value[] = [
  {
    flag: '--registry',
    key: 'registry',
    what: 'registry for your teams’ images, such as ghcr.io/acme/ml',
    isList: true,
    problem: registryProblem,
  },
  {
    flag: '--images-registry',
    key: 'imagesRegistry',
    what: 'registry for Kfops’ own two images, where builds can’t push, such as ghcr.io/acme/kfops',
    propose: (known) => ownRegistry(known.get('registry') ?? []),
    problem: (word, known) => registryProblem(word) ?? apartFrom(word, known.get('registry') ?? []),
  },
  {
    flag: '--repository',
    key: 'repository',
    what: 'repository on GitHub, owner/name',
    isList: true,
    problem: (word) =>
      /^!?[\w.*-]+\/[\w.*-]+$/.test(word) ? undefined : "isn't a repository: write owner/name",
  },
  {
    flag: '--url',
    key: 'url',
    what: 'public address of the server, which GitHub sends deliveries to',
    // The server answers at /webhook, so a path in front of it could only be a proxy's.
    problem: (word) =>
      /^https:\/\/[^\s/?#@]+\/?$/.test(word) && URL.canParse(word)
        ? undefined
        : "isn't an https address without a path: write https://kfops.example.com",
  },
  {
    flag: '--profile-namespace',
    key: 'profileNamespace',
    what: 'Kubeflow namespace in which pipelines can run',
    isList: true,
    problem: label,
  },
];

/** The values that have a flag and no question. */
export const MORE_VALUES: readonly Value[] = [
  { flag: '--namespace', key: 'namespace', what: 'namespace of the builds', problem: label },
  { flag: '--server-namespace', key: 'serverNamespace', what: 'namespace of the server', problem: label },
  {
    flag: '--store-endpoint',
    key: 'storeEndpoint',
    what: 'address of an S3 store, as pods reach it',
    problem: storeProblem,
  },
  { flag: '--kaniko-image', key: 'kanikoImage', what: 'image of Kaniko', problem: imageProblem },
  { flag: '--store-region', key: 'storeRegion', what: 'region of the bucket', problem: anything },
  { flag: '--argo-url', key: 'argoUrl', what: 'address of Argo’s web page', problem: http },
  { flag: '--kfp-endpoint', key: 'kfpEndpoint', what: 'address of Kubeflow Pipelines’ API', problem: http },
  { flag: '--kfp-url', key: 'kfpUrl', what: 'address of Kubeflow Pipelines’ web page', problem: http },
  { flag: '--github-api-url', key: 'githubApiUrl', what: 'address of GitHub’s API', problem: https },
  {
    flag: '--github-app-id',
    key: 'githubAppId',
    what: 'number of the GitHub App',
    problem: (word) => (/^[1-9]\d{0,14}$/.test(word) ? undefined : "isn't the number of an App"),
  },
  { flag: '--ingress-class', key: 'ingressClass', what: 'class of the Ingress', problem: dnsName },
  {
    flag: '--tls-secret',
    key: 'tlsSecret',
    what: 'Secret with the certificate of the Ingress',
    problem: dnsName,
  },
];

/** What is wrong with an address of an object store, as a clause. */
export function storeProblem(word: string): string | undefined {
  return parseEndpoint(word) === undefined
    ? "isn't the address of an object store: write host:port or https://host:port"
    : undefined;
}

/** A host has a dot or a port: without one, Docker reads the word as a path of Docker Hub, which nobody means here. */
const REGISTRY = /^(?:localhost|[^/]*[.:][^/]*)\/./;

function registryProblem(word: string): string | undefined {
  const reference = destinationOf(word, 'name');
  const hint = 'write a registry with a path, such as ghcr.io/acme/ml';
  if ('problem' in reference) return `${reference.problem}: ${hint}`;
  return REGISTRY.test(word) ? undefined : `isn't a registry with a path: ${hint}`;
}

function imageProblem(word: string): string | undefined {
  const reference = parseImageReference(word);
  return 'problem' in reference ? `${reference.problem}: write an image with its tag` : undefined;
}

/** A pull request's build could replace Kfops' own images there, and with them the server. */
function apartFrom(word: string, registries: readonly string[]): string | undefined {
  const shared = registries.find(
    (registry) => registryProblem(registry) === undefined && registriesMeet(word, registry),
  );
  return shared === undefined
    ? undefined
    : `is where builds can push (${shared}), so a pull request could replace Kfops' own images: name a repository next to it`;
}

/**
 * `ghcr.io/acme/kfops` next to `ghcr.io/acme/ml`. Nothing for a path of one part: what is next to `ghcr.io/acme` belongs
 * to somebody else.
 */
function ownRegistry([first]: readonly string[]): string | undefined {
  if (first === undefined || registryProblem(first) !== undefined) return undefined;
  const parts = registryBase(first).split('/');
  if (parts.length < 3 || parts.at(-1) === 'kfops') return undefined;
  return [...parts.slice(0, -1), 'kfops'].join('/');
}
