import { messageOf, type Message } from '../../../../server/notify/message.js';
import type { Notice } from '../../../../server/notify/notice.js';

/** A message of a failed build. */
export function message(notice: Partial<Notice> = {}): Message {
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
    origin: { repository: { id: 1, owner: 'acme', name: 'iris' }, number: 17 },
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
