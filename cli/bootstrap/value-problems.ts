import { registriesMeet } from '../../generator/project/registries.js';
import { destinationOf, parseImageReference } from '../../schema/image-reference.js';
import { parseEndpoint } from '../../stores/endpoint.js';
import { NAMESPACES } from './namespaces.js';
import type { KnownValues } from './flags.js';

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const DNS_NAME = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;
const HTTP = /^https?:\/\/[^\s/?#@]+(?:\/[^\s?#]*)?$/;

/** What is wrong with the name of a namespace, as a clause; undefined where nothing is. All functions here say it so. */
export const label = (word: string): string | undefined =>
  LABEL.test(word)
    ? undefined
    : "isn't the name of a namespace: use lower-case letters, digits and `-`, at most 63";
/** For the name of an object of Kubernetes. */
export const dnsName = (word: string): string | undefined =>
  DNS_NAME.test(word) ? undefined : "isn't a name in Kubernetes: use lower-case letters, digits, `-` and `.`";
/** For an address with http or https. */
export const http = (word: string): string | undefined =>
  HTTP.test(word) && URL.canParse(word)
    ? undefined
    : "isn't an address: write https://host, without a login and a query";
/** For GitHub's API: the server fetches repositories from the same host, by https only. */
export const https = (word: string): string | undefined =>
  http(word) ?? (word.startsWith('https:') ? undefined : "isn't an https address: write https://host/api/v3");

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/#syntax-and-character-set */
const ANNOTATION = /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?=/;

/** For an annotation with its value. */
export const annotationProblem = (word: string): string | undefined =>
  ANNOTATION.test(word)
    ? undefined
    : "isn't an annotation: write KEY=VALUE, such as cert-manager.io/cluster-issuer=letsencrypt";

/** For the address of an object store. */
export function storeProblem(word: string): string | undefined {
  return parseEndpoint(word) === undefined
    ? "isn't the address of an object store: write host:port or https://host:port"
    : undefined;
}

/** A host has a dot or a port: without one, Docker reads the word as a path of Docker Hub, which nobody means here. */
const REGISTRY = /^(?:localhost|[^/.:]*[.:][^/]*)\/./;

/** For a registry with a path. */
export function registryProblem(word: string): string | undefined {
  const reference = destinationOf(word, 'name');
  const hint = 'write a registry with a path, such as ghcr.io/acme/ml';
  if ('problem' in reference) return `${reference.problem}: ${hint}`;
  return REGISTRY.test(word) ? undefined : `isn't a registry with a path: ${hint}`;
}

/** For a repository on GitHub. Without rules, the server has no use for a pattern. */
export function repositoryProblem(word: string): string | undefined {
  if (/^[\w.-]+\/[\w.-]+$/.test(word)) return undefined;
  return /[*!]/.test(word)
    ? `isn't one repository: name each; patterns belong in \`server.rules\` ("Several teams" in docs/server.md)`
    : "isn't a repository: write owner/name";
}

/** For the reference of an image. */
export function imageProblem(word: string): string | undefined {
  const reference = parseImageReference(word);
  return 'problem' in reference ? `${reference.problem}: write an image with its tag` : undefined;
}

/** For the registry of Kfops' own images: where builds push, one of a pull request could replace them, and with them the server. */
export function apartFrom(word: string, registries: readonly string[]): string | undefined {
  const shared = registries.find(
    (registry) => registryProblem(registry) === undefined && registriesMeet(word, registry),
  );
  return shared === undefined
    ? undefined
    : `is where builds can push (${shared}), so a pull request could replace Kfops' own images: name a repository next to it`;
}

/** For a Kubeflow profile: the server's Secrets are not for its pods. */
export function profileProblem(word: string, known: KnownValues): string | undefined {
  return word === (known.get('serverNamespace')?.[0] ?? NAMESPACES.server)
    ? 'is the namespace of the server: its Secrets are not for pipelines; name the Kubeflow profile, or give the server another namespace with --server-namespace'
    : label(word);
}
