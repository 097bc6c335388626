import { enumerate } from '../../common/enumerate.js';
import type { MigratedFile, Migration } from '../../generator/migrate/migrate.js';
import type { MigrationFinding } from '../../generator/migrate/finding.js';
import { escapeTerminal } from '../../templates/escape.js';
import { formatCount } from '../../templates/units.js';
import { wrapLines } from '../../templates/wrap.js';
import type { Printer } from '../session.js';
import { errorsText } from './diagnostics.js';
import { unifiedDiff } from './unified-diff.js';

/** Columns where no terminal has a width. */
const COLUMNS = 100;
/** Of the texts, after their labels. */
const INDENT = 7;

/** A migration, and whether its files were written. */
export interface MigrationReport extends Migration {
  readonly isWritten: boolean;
}

type Fit = Pick<Printer, 'style' | 'columns'>;

/**
 * For people: each finding at its place, what changes in the files, errors, and the outcome in the last line.
 *
 * @param migrate - the command line that writes
 */
export function migrationText(report: MigrationReport, fit: Fit, migrate: string): string {
  const diffs = changedFiles(report).map((file) => diffText(file, fit));
  const parts = [...report.findings.map((finding) => findingText(finding, fit, report.isWritten))];
  if (!report.isWritten) parts.push(...diffs);
  if (report.problems.length > 0) parts.push(errorsText(fit, report.problems));
  return [...parts, outcome(report, fit, migrate)].join('\n\n');
}

/** For programs. The fields are stable; docs/migrating.md describes them. */
export function migrationJson(report: MigrationReport): string {
  const files = changedFiles(report).map((file) => ({
    path: file.path,
    diff: `${unifiedDiff(file).join('\n')}\n`,
  }));
  const { findings, problems, isWritten } = report;
  return JSON.stringify({ written: isWritten, findings, files, errors: problems }, undefined, 2);
}

function changedFiles({ files }: Migration): MigratedFile[] {
  return files.filter(({ before, after }) => before !== after);
}

function findingText(finding: MigrationFinding, { style, columns }: Fit, isWritten: boolean): string {
  const { file = '', line, column, subject, topic, before, now, action, next, afterwards } = finding;
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  const label = { write: isWritten ? 'done' : 'write', edit: 'to do', none: 'note' }[action];
  const head = `${style.bold(escapeTerminal(place))} ${style.cyan(topic)} ${escapeTerminal(subject)}`;
  const rows = [
    ['2022', before],
    ['now', now],
    [label, next],
    ...(afterwards === undefined ? [] : [['to do', afterwards]]),
  ].map(([name = '', text = '']) => rowText(style.dim(`${name}:`.padEnd(INDENT)), text, columns));
  return [head, ...rows].join('\n');
}

/** A label, and a text whose lines are all below its first letter. */
function rowText(label: string, text: string, columns: number): string {
  const width = (Number.isFinite(columns) ? columns : COLUMNS) - INDENT - 2;
  const lines = wrapLines(escapeTerminal(text), width).split('\n');
  return lines.map((line, i) => `  ${i === 0 ? label : ' '.repeat(INDENT)}${line.trimStart()}`).join('\n');
}

function diffText(file: MigratedFile, { style }: Fit): string {
  return unifiedDiff(file)
    .map((line) => {
      const text = escapeTerminal(line);
      if (/^(?:---|\+\+\+) /.test(line)) return style.bold(text);
      if (line.startsWith('@@')) return style.cyan(text);
      return line.startsWith('-') ? style.red(text) : line.startsWith('+') ? style.green(text) : text;
    })
    .join('\n');
}

function outcome(report: MigrationReport, { style }: Fit, migrate: string): string {
  const { findings, problems, isWritten } = report;
  const changed = changedFiles(report).map(({ path }) => path);
  const edits = findings.filter(({ action }) => action === 'edit').length;
  const others = findings.filter(({ afterwards }) => afterwards !== undefined).length;
  const left = [
    ...(edits === 0 ? [] : [`${formatCount(edits, 'finding')} to edit by hand`]),
    ...(others === 0 ? [] : [`${formatCount(others, 'finding')} with work elsewhere (\`to do\`)`]),
  ];
  if (problems.length > 0) return ['Nothing was written: correct the errors first', ...left].join('; ');
  if (changed.length === 0) return [`${style.green('✓')} no file has to be rewritten`, ...left].join('; ');
  const files = enumerate(changed);
  return isWritten
    ? [`${style.green('✓')} wrote ${files}`, ...left].join('; ')
    : [`\`${migrate}\` rewrites ${files}`, ...left].join('; ');
}
