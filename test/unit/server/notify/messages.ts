import { messageOf, type Message } from '../../../../server/notify/message.js';
import type { Origin, PushedCommit } from '../../../../server/ports.js';
import type { Notice } from '../../../../server/notify/notice.js';

/** A push to a branch. */
export const PUSHED: PushedCommit = {
  repository: { id: 1, owner: 'acme', name: 'iris' },
  commit: 'c0ffee'.padEnd(40, '0'),
  ref: { kind: 'branch', name: 'release/1' },
};

/** A message of a failed build: of a pull request, unless another origin is given. */
export function message(
  notice: Partial<Notice> = {},
  origin: Origin = { repository: { id: 1, owner: 'acme', name: 'iris' }, number: 17 },
): Message {
  const whole: Notice = {
    event: 'failed',
    time: '2026-01-02T03:06:07.000Z',
    summary: 'trainer failed',
    failures: [{ name: 'trainer', kind: 'image', reason: 'RUN pip install failed' }],
    more: 0,
    ...notice,
  };
  const subject = {
    name: 'kfops-pr-17-abc',
    uid: '1111-2222',
    origin,
    request: {
      commentIds: [1],
      by: ['ada'],
      at: '2026-01-02T03:00:00Z',
      verb: 'build' as const,
      flags: [],
      commit: 'c0ffee'.padEnd(40, '0'),
    },
  };
  const pages = { web: 'https://github.com', argoUrl: 'https://argo.example.com', namespace: 'kfops' };
  return messageOf(subject, whole, pages);
}
