import type { Plan } from '../../generator/plan/plan-types.js';
import type { Diagnostic } from '../../schema/diagnostic.js';
import { escapeTerminal } from '../../templates/escape.js';
import { formatCount } from '../../templates/units.js';
import type { Io } from '../io.js';
import type { ProjectFlags } from '../options.js';
import type { Printer } from '../session.js';
import { diagnosticsText, errorsText } from './diagnostics.js';

/** What `kfops validate` found. */
export type Validation =
  | { readonly valid: true; readonly plan: Plan; readonly diagnostics: readonly Diagnostic[] }
  | { readonly valid: false; readonly diagnostics: readonly Diagnostic[] };

/** What the report of a validation depends on. */
export interface ValidationContext extends Pick<Printer, 'style' | 'columns'> {
  readonly io: Pick<Io, 'cwd' | 'env'>;
  readonly dir: string;
  readonly flags: ProjectFlags;
}

/** For people: each diagnostic at its place, and the outcome in the last line. */
export function validationText(validation: Validation, context: ValidationContext): string {
  const { diagnostics } = validation;
  if (!validation.valid) return errorsText(context, diagnostics);
  const outcome = validText(validation, context);
  return diagnostics.length === 0 ? outcome : `${diagnosticsText(context, diagnostics)}\n\n${outcome}`;
}

/** The one line that says what is valid. */
export function validText(
  { plan, diagnostics }: Extract<Validation, { valid: true }>,
  { style }: Pick<ValidationContext, 'style'>,
): string {
  const images = plan.images.length === 0 ? 'no images' : formatCount(plan.images.length, 'image');
  const path = style.bold(escapeTerminal(plan.pipeline.path));
  const doubts = diagnostics.length === 0 ? '' : `, ${formatCount(diagnostics.length, 'warning')}`;
  return `${style.green('✓')} valid: ${images}, pipeline ${path}${doubts}`;
}

/** For programs. The fields are stable; docs/errors.md describes them. */
export function validationJson({ valid, diagnostics }: Validation): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  return JSON.stringify(
    { valid, errors, warnings: diagnostics.length - errors, diagnostics: diagnostics.map(inOrder) },
    undefined,
    2,
  );
}

function inOrder(diagnostic: Diagnostic): Diagnostic {
  const { code, severity, message, hint, file, line, column, length, excerpt, lines } = diagnostic;
  // What is undefined is left out.
  return { code, severity, message, hint, file, line, column, length, excerpt, lines } as Diagnostic;
}
