import { createHash } from 'node:crypto';

import { workflowUrl } from '../../argo/workflows/runner.js';
import type { Subject } from '../reporter/subject.js';
import type { Notice } from './notice.js';

/** Everything that a notification says, before it gets the form of a channel. */
export interface Message {
  readonly notice: Notice;
  readonly subject: Subject;
  readonly namespace: string;
  readonly urls: {
    /** Absent for a push. */
    readonly pull_request?: string;
    readonly commit: string;
    /** Absent if `argo.url` isn't set. */
    readonly workflow?: string;
  };
}

/** What addresses are made of. */
export interface MessagePages {
  /** GitHub's: `https://github.com`. */
  readonly web: string;
  readonly argoUrl?: string | undefined;
  readonly namespace: string;
}

/** Puts together what is said of a workflow. */
export function messageOf(
  subject: Subject,
  notice: Notice,
  { web, argoUrl, namespace }: MessagePages,
): Message {
  const { origin, request, name } = subject;
  const { owner, name: repository } = origin.repository;
  const page = `${web}/${owner}/${repository}`;
  return {
    notice,
    subject,
    namespace,
    urls: {
      ...(origin.number !== undefined && { pull_request: `${page}/pull/${origin.number}` }),
      commit: `${page}/commit/${request.commit}`,
      ...(argoUrl !== undefined && { workflow: workflowUrl(argoUrl, namespace, name) }),
    },
  };
}

/** The id of a delivery, in the form of a UUID: the same in each attempt, and after a restart. */
export function deliveryId({ subject, notice }: Message, channel: string): string {
  const what = JSON.stringify([subject.uid, notice.event, notice.time, channel]);
  const hex = createHash('sha256').update(what).digest('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}
