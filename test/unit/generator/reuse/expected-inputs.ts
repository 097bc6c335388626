import type { TestFile } from '../../sources/repository.js';
import { filesOf, targetOf } from './generated-files.js';
import { TEAM, type GeneratedRepository } from './generated-repository.js';

/** The meaning of each rule of the generated ignore files, written by hand. */
const RULES: Readonly<Record<string, RegExp>> = {
  '*.log': /^[^/]*\.log$/,
  '**/*.pyc': /^.*\.pyc$/,
  sub: /^sub$/,
  'sub/*.txt': /^sub\/[^/]*\.txt$/,
  lib: /^lib$/,
  '*': /^[^/]*$/,
  'keep.log': /^keep\.log$/,
  'sub/a.txt': /^sub\/a\.txt$/,
};

/** Kaniko takes `full` where nothing is said. */
const modeOf = ({ snapshotMode }: { readonly snapshotMode?: string | undefined }): string | undefined =>
  snapshotMode === 'full' ? undefined : snapshotMode;

/**
 * What decides about an image by docs/incremental.md, as a value to compare. Found in another way than by the planner.
 *
 * @returns undefined where the digest of a base is unknown
 */
export function expectedInputs(repository: GeneratedRepository, name: 'app' | 'base'): unknown {
  const { app, base } = repository;
  const bases = basesOf(repository, name);
  if (bases === undefined) return undefined;
  if (name === 'base') {
    return [contextOf(repository, 'base', [], 'Dockerfile'), base.platform, modeOf(base), bases];
  }
  return {
    context: contextOf(repository, 'img', app.folders, app.dockerfile),
    dockerfile: app.dockerfile,
    target: targetOf(repository),
    buildArgs: [app.base, app.version === undefined ? undefined : String(app.version)],
    platform: app.platform,
    snapshotMode: modeOf(app),
    useNewRun: app.useNewRun ?? false,
    bases,
  };
}

/** Each image that Kaniko pulls for the stages up to the target, with what it is. */
function basesOf(repository: GeneratedRepository, name: 'app' | 'base'): unknown[] | undefined {
  const { app, base } = repository;
  const platform = repository[name].platform;
  const stages = app.dockerfile === 'Dockerfile' ? app.main : app.gpu;
  const target = Number(targetOf(repository)?.slice(1) ?? stages.length - 1);
  const written = stages.slice(0, target + 1).flatMap(({ from, copyFrom }, i) => [
    ...(from === 's0' && i > 0 ? [] : [from === '$BASE' ? (app.base ?? 'busybox:1') : from]),
    // A stage knows its own name.
    ...(copyFrom === undefined || copyFrom === 's0' ? [] : [copyFrom]),
  ]);
  const references = new Set(name === 'base' ? [base.from] : written);
  references.delete('scratch');
  const found: unknown[] = [];
  for (const reference of [...references].sort()) {
    const identity = identityOf(repository, reference, platform);
    if (identity === undefined) return undefined;
    found.push([reference, identity]);
  }
  return found;
}

function identityOf(
  repository: GeneratedRepository,
  reference: string,
  platform: string | undefined,
): unknown {
  if (reference === 'base' || reference === `${TEAM}/base:1`) return expectedInputs(repository, 'base');
  if (reference.includes('@')) return reference;
  return digestDigit(repository, reference, platform);
}

/** The digit of which the digest of an image from elsewhere consists. */
export function digestDigit(
  { digests }: GeneratedRepository,
  reference: string,
  platform: string | undefined,
): string | undefined {
  const all: Readonly<Record<string, string | undefined>> = digests;
  return all[`${reference} ${platform ?? ''}`] ?? all[reference];
}

/** Path, kind and content of each file, as the Docker documentation says it of ignore files. */
function contextOf(
  repository: GeneratedRepository,
  root: string,
  folders: readonly string[],
  dockerfile: string,
): readonly unknown[] {
  const placed = new Map<string, TestFile>();
  for (const [path, file] of Object.entries(filesOf(repository))) {
    if (path.startsWith(`${root}/`)) placed.set(path.slice(root.length + 1), file);
    if (folders.some((folder) => path.startsWith(folder))) placed.set(path, file);
  }
  const own = `${dockerfile}.dockerignore`;
  const ignoreFile = placed.has(own) ? own : '.dockerignore';
  const rules = placed.get(ignoreFile);
  const lines = typeof rules === 'string' ? rules.split('\n') : [];
  return [...placed]
    .filter(([path]) => path === dockerfile || path === ignoreFile || !isIgnored(path, lines))
    .map(([path, file]) => [path, ...kindAndContent(file)])
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
}

function kindAndContent(file: TestFile): string[] {
  if (typeof file === 'string' || Buffer.isBuffer(file)) return ['file', file.toString()];
  return 'link' in file ? ['link', file.link] : ['executable', file.run];
}

/** The last rule decides that has the path or a folder above it. */
function isIgnored(path: string, rules: readonly string[]): boolean {
  const names = path.split('/');
  const paths = names.map((_, i) => names.slice(0, i + 1).join('/'));
  let ignored = false;
  for (const rule of rules) {
    const pattern = RULES[rule.replace(/^!/, '')];
    if (pattern && paths.some((each) => pattern.test(each))) ignored = !rule.startsWith('!');
  }
  return ignored;
}
