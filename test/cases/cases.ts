/**
 * Whole cases: a folder each under test/cases/, with `case.json`, the repository (`input/`, or one of the examples)
 * and what comes of it (`expected/`). Those that begin with `server-` are recorded runs of the server (server-case.ts).
 * `npm run cases:update` writes `expected/` anew; a test fails when it differs.
 */
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import {
  compile,
  ConfigError,
  folderSource,
  formatDiagnostics,
  parseSettings,
  type CompileOptions,
  type ContextSource,
  type Settings,
  type Workflow,
} from '../../index.js';
import { migrationText } from '../../cli/output/migration-text.js';
import { planMigration } from '../../generator/migrate/migrate.js';
import { planGraph } from '../../generator/graph/graph.js';
import { renderMermaid } from '../../generator/graph/mermaid.js';
import { styleOf } from '../../templates/style.js';
import { runServerCase } from './server-case.js';

/** `case.json` */
interface CaseFile {
  /** What the case shows, in a sentence. */
  readonly shows: string;
  /** The repository, from the case's folder; default `input`. */
  readonly repository?: string;
  /** As if the files were those of this commit; without it they are of none. */
  readonly commit?: string;
  readonly set?: readonly string[];
  /** `kfops migrate`, not a build: its report, and the files as `--write` leaves them. */
  readonly migrate?: true;
  readonly options?: Pick<CompileOptions, 'tag' | 'run' | 'name' | 'namespace' | 'pullRequest' | 'requestedBy' | 'version' | 'applySchedules'>;
}

/** What a case gives: file name → content. And the Workflow, where there is one. */
export interface Outcome {
  readonly files: ReadonlyMap<string, string>;
  readonly workflow?: Workflow;
}

const EXAMPLE_SETTINGS = new URL('../../examples/settings.yaml', import.meta.url);
export const CASES = fileURLToPath(new URL('./', import.meta.url));

/** Names of all cases. */
export async function caseNames(): Promise<readonly string[]> {
  const entries = await readdir(CASES, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
}

/** Compiles a case's repository in a folder of its own, so that this checkout's state does not enter. */
export async function runCase(name: string): Promise<Outcome> {
  const folder = join(CASES, name);
  if (name.startsWith('server-')) return { files: await runServerCase(folder) };
  const file = JSON.parse(await readFile(join(folder, 'case.json'), 'utf8')) as CaseFile;
  const copy = await mkdtemp(join(tmpdir(), 'kfops-case-'));
  try {
    await cp(join(folder, file.repository ?? 'input'), copy, { recursive: true, verbatimSymlinks: true });
    return await outcomeOf(named(await folderSource(copy), file.commit), file, await settingsOf(folder));
  } finally {
    await rm(copy, { recursive: true });
  }
}

/** The expected files of a case. */
export async function expectedFiles(name: string): Promise<ReadonlyMap<string, string>> {
  const folder = join(CASES, name, 'expected');
  const files = await readdir(folder).catch(() => []);
  return new Map(await Promise.all(files.map(async (f) => [f, await readFile(join(folder, f), 'utf8')] as const)));
}

/** The case's own, else those of the examples. */
async function settingsOf(folder: string): Promise<Settings> {
  const own = join(folder, 'settings.yaml');
  const text = await readFile(own, 'utf8').catch(() => readFile(EXAMPLE_SETTINGS, 'utf8'));
  return parseSettings(text, { file: 'settings.yaml' }).value;
}

function named(source: ContextSource, commit: string | undefined): ContextSource {
  const revision =
    commit === undefined
      ? { dirty: true, description: 'the folder' }
      : { commit, dirty: false, description: `commit ${commit.slice(0, 12)}` };
  return {
    revision,
    list: (paths, options) => source.list(paths, options),
    identify: (entries) => source.identify(entries),
    read: (entries) => source.read(entries),
    text: (path) => source.text(path),
  };
}

async function outcomeOf(
  source: ContextSource,
  file: CaseFile,
  settings: Settings,
): Promise<Outcome> {
  if (file.migrate) return { files: await migrated(source) };
  const overrides = (file.set ?? []).map((text) => ({ kind: 'set', text }) as const);
  try {
    const { plan, workflow, yaml } = await compile(source, { ...file.options, settings, overrides });
    const files = new Map([
      ['workflow.yaml', yaml],
      ['graph.mmd', renderMermaid(planGraph(plan))],
    ]);
    if (plan.warnings.length > 0) files.set('warnings.txt', formatDiagnostics(plan.warnings, { color: false }));
    return { files, workflow };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { files: new Map([['errors.txt', formatDiagnostics(error.diagnostics, { color: false })]]) };
  }
}

async function migrated(source: ContextSource): Promise<Outcome['files']> {
  const migration = await planMigration(source);
  const fit = { style: styleOf(false), columns: 100 };
  const report = migrationText({ ...migration, isWritten: false }, fit, 'kfops migrate --write');
  return new Map([
    ['migration.txt', `${report}\n`],
    ...migration.files.map(({ path, after }) => [basename(path), after] as const),
  ]);
}
