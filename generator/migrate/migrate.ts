import {
  ConfigError,
  hasErrors,
  parseConfig,
  parseKanikoManifest,
  type Diagnostic,
  type Located,
} from '../../schema/index.js';
import { readDocument } from '../../schema/document.js';
import type { Edit } from '../../schema/edit.js';
import { sortDiagnostics } from '../../schema/sort.js';
import { Source } from '../../schema/source.js';
import type { ContextSource } from '../ports.js';
import { at, type Range, type Tree } from '../../schema/tree.js';
import { CONFIG_PATH, KANIKO_MANIFEST_PATH } from '../project/project.js';
import { makeChanges } from './change.js';
import { codeFindings } from './code-findings.js';
import { configFindings, SECRET_PATHS } from './config-findings.js';
import { findingAt, type KeyFinding, type MigrationFinding } from './finding.js';
import { manifestFindings } from './manifest-findings.js';

/** A file of a repository, before and after. */
export interface MigratedFile {
  /** From the repository's root. */
  readonly path: string;
  readonly before: string;
  /** The same text where nothing is to change. */
  readonly after: string;
  /** Of the text before, in its order. */
  readonly edits: readonly Edit[];
  /** Keys of the object store in the text before, which must not be shown. */
  readonly secrets: readonly Range[];
}

/** What differs from the Kfops of 2022 in a repository. */
export interface Migration {
  readonly files: readonly MigratedFile[];
  /** In the order of the files. */
  readonly findings: readonly MigrationFinding[];
  /** Errors that stay after the changes, at their places in the files as they are. */
  readonly problems: readonly Diagnostic[];
}

/**
 * Compares the configuration and the pipeline's code of a repository with what the Kfops of 2022 made of them.
 *
 * @throws ConfigError when a file isn't YAML
 */
export async function planMigration(source: ContextSource): Promise<Migration> {
  const [configText = '', manifestText] = await Promise.all([
    source.text(CONFIG_PATH),
    source.text(KANIKO_MANIFEST_PATH),
  ]);
  const texts = [new Source(CONFIG_PATH, configText)];
  if (manifestText !== undefined) texts.push(new Source(KANIKO_MANIFEST_PATH, manifestText));
  const [configTree, manifestTree] = readTrees(texts);

  const config = migrateFile(configText, CONFIG_PATH, configTree, configFindings, parseConfig);
  const manifest =
    manifestText === undefined
      ? undefined
      : migrateFile(manifestText, KANIKO_MANIFEST_PATH, manifestTree, manifestFindings, parseKanikoManifest);
  return {
    files: [config.file, ...(manifest ? [manifest.file] : [])],
    findings: [
      ...config.findings,
      ...(manifest?.findings ?? []),
      ...(config.value ? await codeFindings(source, config.value) : []),
    ],
    problems: [...config.problems, ...(manifest?.problems ?? [])],
  };
}

function readTrees(sources: readonly Source[]): (Tree | undefined)[] {
  const documents = sources.map((source) => readDocument(source));
  const problems = documents.flatMap(({ diagnostics }, i) =>
    hasErrors(diagnostics) ? sortDiagnostics(diagnostics, sources[i]?.file ?? '') : [],
  );
  if (problems.length > 0) throw new ConfigError(problems);
  return documents.map(({ tree }) => tree);
}

interface ReadFile<T> {
  readonly file: MigratedFile;
  readonly findings: readonly MigrationFinding[];
  readonly problems: readonly Diagnostic[];
  /** Of the text after the changes; absent where it isn't valid. */
  readonly value?: Located<T>;
}

function migrateFile<T>(
  before: string,
  path: string,
  tree: Tree | undefined,
  find: (tree: Tree) => readonly KeyFinding[],
  parse: (text: string, options: { file: string }) => Located<T>,
): ReadFile<T> {
  const found = tree ? find(tree) : [];
  const changes = found.flatMap((finding) => finding.changes ?? []);
  const { after, edits, made } = tree
    ? makeChanges(tree, changes)
    : { after: before, edits: [], made: new Set<never>() };
  const file: MigratedFile = { path, before, after, edits, secrets: tree ? secretRanges(tree) : [] };
  const findings = tree
    ? found
        .map((finding) => findingAt(tree, finding, made))
        .sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
    : [];
  const parsed = attempt(() => parse(after, { file: path }));
  if ('value' in parsed) return { file, findings, problems: [], value: parsed.value };
  const { problems = [] } = attempt(() => parse(before, { file: path }));
  return {
    file,
    findings,
    problems: problems.filter((each) => each.severity === 'error' && !isRemoved(each, file)),
  };
}

type Attempt<T> =
  { readonly value: T; readonly problems?: undefined } | { readonly problems: readonly Diagnostic[] };

function attempt<T>(work: () => T): Attempt<T> {
  try {
    return { value: work() };
  } catch (error) {
    if (error instanceof ConfigError) return { problems: error.diagnostics };
    throw error;
  }
}

function secretRanges(tree: Tree): Range[] {
  return SECRET_PATHS.flatMap((path) => {
    const secret = at(tree, path);
    return secret ? [secret.range] : [];
  });
}

/** Whether an error is about what the edits remove. */
function isRemoved({ line = 0, column = 1 }: Diagnostic, { before, edits }: MigratedFile): boolean {
  const lines = before.split('\n');
  const offset = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
  return edits.some(({ start, end }) => offset >= start && offset < end);
}
