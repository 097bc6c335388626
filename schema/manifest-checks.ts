import type { Diagnostic } from './diagnostic.js';
import { isLabelKey, isLabelValue } from './labels.js';
import { diagnosticAt, type Finding } from './located.js';
import { normalisePath } from './paths.js';
import { at, formatPath, itemsAt, textAt, type ConfigPath, type Tree } from './tree.js';

const LABELS: ConfigPath = ['metadata', 'labels'];
const NODE_SELECTOR: ConfigPath = ['spec', 'nodeSelector'];
const CONTAINERS: ConfigPath = ['spec', 'containers'];

/** Where Argo keeps what steers it. A pod that may set these can escape its limits: CVE-2026-40886. */
const ARGO_DOMAIN = /^(?:[^/]*\.)?argoproj\.io\//;
/** What is Kfops' own. */
const KFOPS_DOMAIN = /^(?:[^/]*\.)?kfops\.dev\//;

/** Labels of the build pods, and those that their nodes must have. */
export function checkLabels(tree: Tree): Diagnostic[] {
  return [
    ...checkEach(tree, LABELS, (key, value) => reservedLabel(key) ?? labelFinding(key, value)),
    ...checkEach(tree, NODE_SELECTOR, labelFinding),
  ];
}

type LabelCheck = (key: string, value: string | undefined) => Finding | undefined;

function checkEach(tree: Tree, map: ConfigPath, check: LabelCheck): Diagnostic[] {
  const labels = at(tree, map);
  if (labels?.kind !== 'map') return [];
  return [...labels.entries.keys()].flatMap((key) => {
    const path = [...map, key];
    const finding = check(key, textAt(tree, path));
    return finding ? [diagnosticAt(tree, path, finding)] : [];
  });
}

function reservedLabel(key: string): Finding | undefined {
  if (ARGO_DOMAIN.test(key)) {
    const message = `The label \`${key}\` is not allowed: Argo steers pods by it.`;
    return { code: 'MANIFEST_FIELD', at: 'key', message, hint: 'Remove it.' };
  }
  if (KFOPS_DOMAIN.test(key)) {
    const message = `The label \`${key}\` is not allowed: NetworkPolicies tell the pods of Kfops apart by it.`;
    return { code: 'MANIFEST_FIELD', at: 'key', message, hint: 'Use a domain of your own.' };
  }
  return undefined;
}

function labelFinding(key: string, value: string | undefined): Finding | undefined {
  if (!isLabelKey(key)) {
    return {
      code: 'WRONG_VALUE',
      at: 'key',
      message: `\`${key}\` is not a valid key of a label.`,
      hint: 'For example: `team` or `example.com/team`.',
    };
  }
  if (value === undefined || isLabelValue(value)) return undefined;
  const hint = 'At most 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends.';
  return { code: 'WRONG_VALUE', message: `\`${value}\` is not a valid value of a label.`, hint };
}

/** Folders that a build writes to, or that a mount would hide from it. */
const TAKEN = ['/', '/kaniko', '/workspace', '/proc', '/sys', '/dev'];
/** Below /kaniko: where Kaniko reads credentials and certificates. */
const KANIKO_READS = /^\/kaniko\/(?:ssl|\.[a-z]+)(?:\/|$)/;

/** Mounts of the containers, and the volumes that they name. */
export function checkMounts(tree: Tree): Diagnostic[] {
  const volumes = new Set(
    itemsAt(tree, ['spec', 'volumes']).map((_, i) => textAt(tree, ['spec', 'volumes', i, 'name'])),
  );
  return itemsAt(tree, CONTAINERS).flatMap((_, index) => {
    const mounts = [...CONTAINERS, index, 'volumeMounts'];
    return itemsAt(tree, mounts).flatMap((_, n) => checkMount(tree, [...mounts, n], volumes));
  });
}

function checkMount(tree: Tree, mount: ConfigPath, volumes: ReadonlySet<string | undefined>): Diagnostic[] {
  const report = (key: string, finding: Omit<Finding, 'code'>): Diagnostic =>
    diagnosticAt(tree, [...mount, key], { code: 'MANIFEST_MOUNT', ...finding });
  const found: Diagnostic[] = [];
  const path = textAt(tree, [...mount, 'mountPath']);
  const problem = path === undefined ? undefined : mountProblem(path);
  if (problem) found.push(report('mountPath', problem));
  const subPath = textAt(tree, [...mount, 'subPath']);
  if (subPath && normalisePath(subPath) === undefined) {
    found.push(
      report('subPath', {
        message: '`subPath` must be a path inside the volume.',
        hint: 'Leave out `..` and a leading `/`.',
      }),
    );
  }
  const propagation = textAt(tree, [...mount, 'mountPropagation']);
  if (propagation && propagation !== 'None') {
    found.push(
      report('mountPropagation', {
        message: 'Mounts of a build must not reach the node.',
        hint: 'Remove `mountPropagation`.',
      }),
    );
  }
  const name = textAt(tree, [...mount, 'name']);
  if (name !== undefined && !volumes.has(name)) {
    found.push(
      report('name', { message: `No volume has the name \`${name}\`.`, hint: 'Add it to `spec.volumes`.' }),
    );
  }
  return found;
}

function mountProblem(path: string): Omit<Finding, 'code'> | undefined {
  const isAbsolute = path.startsWith('/') && !path.split('/').includes('..');
  const inside = isAbsolute ? normalisePath(`.${path}`) : undefined;
  if (inside === undefined || path.includes(':')) {
    return { message: `\`${path}\` is not an absolute path.`, hint: 'For example: `/kaniko/.docker`.' };
  }
  const normal = `/${inside}`;
  const taken = TAKEN.find((folder) => normal === folder || normal.startsWith(`${folder}/`));
  if (taken === undefined || KANIKO_READS.test(normal)) return undefined;
  return {
    message: `A mount at \`${path}\` is in the way of the build.`,
    hint: "Use another folder; a registry's docker-config Secret goes to `/kaniko/.docker`.",
  };
}

/** What container runtimes grant by default; a build may ask for no more. */
const CAPABILITIES = new Set(
  (
    'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP SETUID ' +
    'SYS_CHROOT'
  ).split(' '),
);

/** Rights of the pod and its containers. */
export function checkRights(tree: Tree): Diagnostic[] {
  const contexts = [['spec'], ...itemsAt(tree, CONTAINERS).map((_, i) => [...CONTAINERS, i])];
  return contexts.flatMap((owner) => {
    const path = [...owner, 'securityContext'];
    const flags = Object.entries(FLAGS).flatMap(([key, reason]) => {
      const flag = at(tree, [...path, key]);
      return flag?.kind === 'scalar' && flag.value === true ? [refused(tree, [...path, key], reason)] : [];
    });
    const added = [...path, 'capabilities', 'add'];
    const capabilities = itemsAt(tree, added).flatMap((_, n) => {
      const name = textAt(tree, [...added, n]);
      return name === undefined || CAPABILITIES.has(name.replace(/^CAP_/, ''))
        ? []
        : [refused(tree, [...added, n], `a build must not have the capability ${name}`)];
    });
    return [...flags, ...capabilities];
  });
}

const FLAGS: Readonly<Record<string, string>> = {
  privileged: 'a build must not reach into the node that it runs on',
  runAsNonRoot: 'Kaniko needs the user root in its container',
  readOnlyRootFilesystem: "Kaniko unpacks images into its container's file system",
};

function refused(tree: Tree, path: ConfigPath, reason: string): Diagnostic {
  const message = `\`${formatPath(path)}\` is not allowed: ${reason}.`;
  return diagnosticAt(tree, path, { code: 'MANIFEST_FIELD', message, hint: 'Remove it.' });
}
