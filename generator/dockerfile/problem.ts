import type { DiagnosticCode } from '../../schema/codes.js';
import type { Span } from './dockerfile.js';

/** What is wrong in a Dockerfile, and where. Message and hint are clauses. */
export interface DockerfileProblem extends Span {
  /** An error is what Kaniko refuses for sure. */
  readonly severity: 'error' | 'warning';
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint: string;
}
