import { existsSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';

import type { Diagnostic } from '../../schema/diagnostic.js';
import { countText } from './diagnostics.js';
import { type Validation, type ValidationContext, validText } from './validation.js';

/**
 * Commands of GitHub Actions that show each diagnostic at its line of a pull request, and the outcome as text:
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function annotationsText(validation: Validation, context: ValidationContext): string {
  const commands = validation.diagnostics.map((diagnostic) => annotation(diagnostic, context));
  const outcome = validation.valid
    ? validText(validation, context)
    : countText(context, validation.diagnostics);
  return [...commands, outcome].join('\n');
}

function annotation(diagnostic: Diagnostic, context: ValidationContext): string {
  const { severity, code, message, hint, line, column, length = 1, lines = [] } = diagnostic;
  const file = fileOf(diagnostic, context);
  const properties: Readonly<Record<string, string | number | undefined>> = {
    file,
    // A place means nothing without its file.
    ...(file !== undefined && {
      line,
      ...(line !== undefined && {
        col: column,
        endColumn: column === undefined ? undefined : column + length,
      }),
    }),
    title: code,
  };
  const given = Object.entries(properties).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${escapeProperty(String(value))}`],
  );
  const place = file === undefined && diagnostic.file !== undefined ? `${diagnostic.file}: ` : '';
  const text = [`${place}${message}`, ...(hint === undefined ? [] : [`hint: ${hint}`]), ...lines].join('\n');
  return `::${severity} ${given.join(',')}::${escapeData(text)}`;
}

/**
 * The file as GitHub knows it: from the root of what was checked out. Undefined where the diagnostic is about an
 * argument.
 */
function fileOf({ file, line }: Diagnostic, { io, dir, flags }: ValidationContext): string | undefined {
  if (file === undefined || file.startsWith('-')) return undefined;
  // These are named from the folder of the command, all others from the repository's root.
  const own = [flags.config, flags.settings, flags.configOverride].includes(file);
  const path = own ? resolve(io.cwd, file) : resolve(io.cwd, dir, file);
  if (line === undefined && !existsSync(path)) return undefined;
  const fromRoot = relative(io.env.GITHUB_WORKSPACE ?? io.cwd, path);
  const outside = fromRoot.startsWith(`..${sep}`) || isAbsolute(fromRoot);
  return outside ? path : fromRoot.replaceAll(sep, '/');
}

/** As `escapeData` of @actions/core. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** As `escapeProperty` of @actions/core. */
function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
