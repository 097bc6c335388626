import { asRecord, type JsonRecord } from '../../common/json.js';
import { ConfigError } from '../../schema/index.js';
import { enumerate } from '../../common/enumerate.js';
import { parseRefPath } from '../../generator/workflow/git-ref.js';
import { HOLD_LABEL, type InboxEvent } from '../ports.js';
import { inboxEvent, isRelevant } from './events.js';

/** A saved delivery: the event's name and what was signed. */
export interface SavedDelivery {
  readonly event: string;
  readonly payload: unknown;
}

/** What a delivery means, or why it means nothing to the server, as a clause. */
export type Meaning = { readonly event: InboxEvent } | { readonly ignored: string };

/**
 * Reads a saved delivery: the payload as GitHub's page of recent deliveries shows it, or the whole delivery as its API
 * gives it (`GET /app/hook/deliveries/{id}`).
 *
 * @param file - as the user wrote it, for errors
 * @param event - GitHub's name of the event; without it the shape decides
 * @throws ConfigError when it is no delivery, or of no one shape
 */
export function readDelivery(text: string, file: string, event?: string): SavedDelivery {
  const root = asRecord(parse(text, file));
  if (!root) throw problem(file, 'The payload is not a JSON object.', SAVE);
  const saved = asRecord(asRecord(root.request)?.payload);
  const payload = saved ?? root;
  const named = event ?? (saved && typeof root.event === 'string' ? root.event : eventOf(payload));
  if (named === undefined) {
    throw problem(
      file,
      'Cannot tell which event the payload is for.',
      'Name the event: `--event issue_comment`.',
    );
  }
  return { event: named, payload };
}

/**
 * What a delivery means to the server, just as if it had come from GitHub.
 *
 * @throws ConfigError when the payload is not one of this event
 */
export function meaningOf({ event, payload }: SavedDelivery, file: string): Meaning {
  const found = inboxEvent(event, payload);
  if (found) return { event: found };
  if (!isRelevant(event)) return { ignored: `the server ignores the event ${event}` };
  const missing = FIELDS[event].filter((path) => at(payload, path) === undefined);
  if (missing.length > 0) {
    const names = missing.map((path) => `\`${path}\``).join(', ');
    throw problem(file, `The payload is not one of ${event}: it has no ${names}.`, SAVE);
  }
  return { ignored: WHY[event](payload) };
}

const SAVE =
  'Copy one from "Recent Deliveries" of the GitHub App or webhook, or get it with `gh api /app/hook/deliveries/ID`.';

const REPOSITORY = ['repository.id', 'repository.name', 'repository.owner.login'];

/** What every payload of an event has; `comment.user` is null where the account was deleted. */
const FIELDS = {
  issue_comment: [
    'action',
    'issue.number',
    'comment.id',
    'comment.body',
    'comment.user',
    'comment.html_url',
    'comment.created_at',
    ...REPOSITORY,
  ],
  pull_request: [
    'action',
    'number',
    'pull_request.number',
    'pull_request.head.sha',
    'pull_request.updated_at',
    'sender.login',
    ...REPOSITORY,
  ],
  push: ['ref', 'before', 'after', 'sender.login', 'repository.pushed_at', ...REPOSITORY],
} as const;

const WHY = { issue_comment: whyNoComment, pull_request: whyNoPull, push: whyNoPush };

function whyNoPush(payload: unknown): string {
  if (at(payload, 'deleted') === true) return 'the branch or tag was deleted';
  const ref = at(payload, 'ref');
  if (typeof ref === 'string' && !parseRefPath(ref))
    return `${shown(ref)} is no branch or tag, or has characters in its name that are not expected`;
  return 'a field has an unexpected value';
}

function whyNoComment(payload: unknown): string {
  const action = at(payload, 'action');
  if (action !== 'created')
    return `only new comments can contain commands, and this action is ${shown(action)}`;
  if (!asRecord(at(payload, 'issue.pull_request'))) return 'the comment is on an issue, not a pull request';
  if (at(payload, 'comment.user') === null) return 'the account that wrote the comment was deleted';
  return 'no line of the comment looks like a command, or a field has an unexpected value';
}

/** Actions on pull requests that mean something, without those of labels. */
const ACTIONS = ['opened', 'reopened', 'ready_for_review', 'synchronize', 'closed'];

function whyNoPull(payload: unknown): string {
  const action = at(payload, 'action');
  if (action === 'unlabeled' || action === 'labeled')
    return `only removing the label ${HOLD_LABEL} matters, and this action is ${shown(action)}`;
  if (ACTIONS.includes(shown(action))) return 'a field has an unexpected value';
  return `only ${enumerate(ACTIONS)} matter, and this action is ${shown(action)}`;
}

/** The event whose payloads alone have this shape. */
function eventOf(payload: JsonRecord): string | undefined {
  if (typeof payload.ref === 'string' && typeof payload.after === 'string' && asRecord(payload.pusher))
    return 'push';
  if (asRecord(payload.comment) && asRecord(payload.issue)) return 'issue_comment';
  const { comment, review, thread } = payload;
  const plain = comment === undefined && review === undefined && thread === undefined;
  return plain && asRecord(payload.pull_request) && payload.number !== undefined ? 'pull_request' : undefined;
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw problem(file, `The payload is not JSON: ${(error as Error).message}.`, SAVE);
  }
}

function problem(file: string, message: string, hint: string): ConfigError {
  return new ConfigError([{ code: 'PAYLOAD', severity: 'error', file, message, hint }]);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((part, key) => asRecord(part)?.[key], value);
}
