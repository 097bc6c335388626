import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { parse, parseAllDocuments } from 'yaml';

import type { KubernetesObject } from '../../argo/objects/apply.js';
import { isRecord } from '../../common/json.js';
import { packageFile } from '../package-file.js';
import { NAMESPACES } from './namespaces.js';

/** Names that differ from those in deploy/. */
export interface Names {
  readonly builds: string;
  readonly server: string;
  /** Where Kfops' own images are. */
  readonly imagesRegistry: string;
}

const KUSTOMIZATION = 'deploy/kustomization.yaml';
/** Written for people who fill it in; the settings are made of the flags here. */
const SETTINGS = 'server/2-settings.yaml';
/** The example registry of Kfops' own images in deploy/chart/plain.yaml. */
const REGISTRY = 'registry.example.com/kfops/';
/** The server makes it where it is missing, and changes it all the time. */
const LEASE = 'Lease';
/** In a label selector, the name of a namespace. */
const NAMESPACE_LABEL = 'kubernetes.io/metadata.name';

/** The manifests that `kubectl apply -k deploy` applies, without the settings, with other names. */
export function readManifests(names: Names): KubernetesObject[] {
  const kustomization = packageFile(KUSTOMIZATION);
  const { resources } = parse(readFileSync(kustomization, 'utf8')) as { resources: string[] };
  return resources
    .filter((path) => path !== SETTINGS)
    .flatMap((path) => readObjects(join(dirname(kustomization), path), names))
    .filter(({ kind }) => kind !== LEASE);
}

/**
 * A further manifest of deploy/, for a namespace that several installations share: in one with its own namespace of
 * builds, the objects have names of their own.
 */
export function readSharedManifest(path: string, names: Names): KubernetesObject[] {
  const suffix = names.builds === NAMESPACES.builds ? '' : `-${names.builds}`;
  return readObjects(packageFile(`deploy/${path}`), names).map((object) => ({
    ...object,
    metadata: { ...object.metadata, name: `${object.metadata.name}${suffix}` },
  }));
}

function readObjects(file: string, names: Names): KubernetesObject[] {
  // As kubectl reads it: octal numbers such as 0440 are YAML 1.1.
  return parseAllDocuments(readFileSync(file, 'utf8'), { version: '1.1' }).map((document) =>
    renameNamespace(renamed(document.toJS(), names) as KubernetesObject, names),
  );
}

/** A value with the names of namespaces and images in it replaced, however deep. */
function renamed(value: unknown, names: Names): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, names));
  if (!isRecord(value)) return value;
  if (value.key === NAMESPACE_LABEL && Array.isArray(value.values))
    return { ...value, values: value.values.map((name) => namespaceFor(String(name), names)) };
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => {
      if (typeof field !== 'string') return [key, renamed(field, names)];
      if (key === 'namespace' || key === NAMESPACE_LABEL) return [key, namespaceFor(field, names)];
      if (key === 'image' && field.startsWith(REGISTRY))
        return [key, `${names.imagesRegistry}/${field.slice(REGISTRY.length)}`];
      return [key, field];
    }),
  );
}

function renameNamespace(object: KubernetesObject, names: Names): KubernetesObject {
  if (object.kind !== 'Namespace') return object;
  const { metadata } = object;
  return { ...object, metadata: { ...metadata, name: namespaceFor(metadata.name, names) } };
}

function namespaceFor(name: string, { builds, server }: Names): string {
  if (name === NAMESPACES.builds) return builds;
  return name === NAMESPACES.server ? server : name;
}
