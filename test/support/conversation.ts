import type { Build, BuildRequest, ConversationState, StepRow } from '../../server/comment/state.js';

export const COMMIT = '1a2b3c4d5e6f1a2b3c4d5e6f1a2b3c4d5e6f1a2b';
export const REPOSITORY = { id: 7, owner: 'acme', name: 'churn' };
export const REF = { repository: REPOSITORY, number: 17 };
export const CONTEXT = { web: 'https://github.com', repository: REPOSITORY, number: 17 };

/** A command that somebody wrote in comment `id`. */
export function request(id: number, more: Partial<BuildRequest> = {}): BuildRequest {
  return {
    commentIds: [id],
    by: ['octocat'],
    at: '2026-11-22T12:00:00.000Z',
    verb: 'build',
    flags: [],
    commit: COMMIT,
    ...more,
  };
}

export function row(name: string, state: StepRow['state'], more: Partial<StepRow> = {}): StepRow {
  return { name, kind: 'image', state, ...more };
}

export function build(state: Build['state'], rows: readonly StepRow[], more: Partial<Build> = {}): Build {
  return { request: request(1), state, rows, ...more };
}

export function stateOf(...builds: Build[]): ConversationState {
  return { builds, approved: [] };
}
