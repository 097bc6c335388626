import { registryBase } from '../../generator/project/registries.js';
import type { BootstrapFlags, KnownValues } from './flags.js';
import {
  annotationProblem,
  apartFrom,
  dnsName,
  http,
  https,
  imageProblem,
  label,
  profileProblem,
  registryProblem,
  repositoryProblem,
  storeProblem,
} from './value-problems.js';

/** A value that a person types: a flag, or the answer to a question. */
export interface Value {
  readonly flag: string;
  /** Of the flags, where it is there. */
  readonly key: keyof BootstrapFlags;
  /** What it is, for the question and for the error without it. */
  readonly what: string;
  /** Several, with commas between them in an answer. */
  readonly isList?: true;
  /** What is proposed, of what is known by then; undefined: nothing. */
  readonly propose?: (known: KnownValues) => string | undefined;
  /** Why nothing is proposed, and what to give. */
  readonly whyNone?: (known: KnownValues) => string | undefined;
  /** A clause that says what is wrong with one of its words, and how to write it. */
  readonly problem: (word: string, known: KnownValues) => string | undefined;
}

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
    whyNone: (known) =>
      `\`${known.get('registry')?.[0] ?? ''}\` has no neighbour: give --images-registry, or a longer --registry such as ghcr.io/acme/ml`,
    problem: (word, known) => registryProblem(word) ?? apartFrom(word, known.get('registry') ?? []),
  },
  {
    flag: '--repository',
    key: 'repository',
    what: 'repository on GitHub, owner/name',
    isList: true,
    problem: repositoryProblem,
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
    problem: profileProblem,
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
  {
    flag: '--ingress-annotation',
    key: 'ingressAnnotation',
    what: 'annotation of the Ingress',
    problem: annotationProblem,
  },
];

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
