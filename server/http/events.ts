import { asRecord, type JsonRecord } from '../../common/json.js';
import { parseRefPath } from '../../generator/workflow/git-ref.js';
import {
  HOLD_LABEL,
  type Account,
  type Comment,
  type HeadEvent,
  type InboxEvent,
  type PullRequestRef,
  type PushEvent,
  type Repository,
} from '../ports.js';

/** Events that can mean something to the server. */
export type RelevantEvent = 'issue_comment' | 'pull_request' | 'push';

/** GitHub's own limit for a comment. */
const COMMENT_LENGTH = 65_536;

/**
 * A comment holds nothing that looks like a command if none of its lines begins with a slash, or what some keyboards
 * write for one, after spaces, invisible characters and markers of quotes and lists.
 */
const SLASH_LINE =
  /^(?:[\t\v\f \u00a0\u00ad\u1680\u2000-\u200f\u202f\u205f\u2060\u3000\ufeff*+>-]|\d{1,9}[.)])*[/\uff0f\u2215\u2044]/m;

const OWNER = /^[A-Za-z0-9][\w-]{0,99}$/;
const NAME = /^(?!\.{1,2}$)[\w.-]{1,100}$/;
const LOGIN = /^[A-Za-z0-9][\w-]{0,99}(?:\[bot\])?$/;
const COMMIT = /^[0-9a-f]{40}$/;
/** Of a branch or tag that was not there before. */
const NO_COMMIT = /^0+$/;

/** What happens to a pull request that may build its head for the first time. */
const OFFERS: ReadonlySet<unknown> = new Set(['opened', 'reopened', 'ready_for_review']);

/** Whether a delivery of this event can mean something; of others the body is not even parsed. */
export function isRelevant(event: string): event is RelevantEvent {
  return event === 'issue_comment' || event === 'pull_request' || event === 'push';
}

/**
 * Reads what a delivery means. The event's name is in a header, which GitHub does not sign: the payload must have the
 * event's own shape.
 *
 * @param event - GitHub's header `X-GitHub-Event`
 * @param payload - the signed body
 * @returns undefined for everything that the server does not act on: other actions than a new comment, what makes a pull
 *   request's head buildable, and its end, pushes that put no commit on a branch or tag, comments on issues, comments
 *   without a command, and payloads of another shape
 */
export function inboxEvent(event: string, payload: unknown): InboxEvent | undefined {
  const root = asRecord(payload);
  const repository = repositoryOf(root?.repository);
  if (!root || !repository) return undefined;
  if (event === 'issue_comment') return commentEvent(root, repository);
  if (event === 'push') return pushEvent(root, repository);
  return event === 'pull_request' ? pullRequestEvent(root, repository) : undefined;
}

function commentEvent(root: JsonRecord, repository: Repository): InboxEvent | undefined {
  const issue = asRecord(root.issue);
  if (root.action !== 'created' || !issue || !asRecord(issue.pull_request)) return undefined;
  const comment = commentOf(asRecord(root.comment));
  const pullRequest = refOf(repository, issue.number);
  return comment && pullRequest && { kind: 'comment', placed: { pullRequest, comment } };
}

function pullRequestEvent(root: JsonRecord, repository: Repository): InboxEvent | undefined {
  const request = asRecord(root.pull_request);
  if (!request) return undefined;
  const pullRequest = refOf(repository, request.number);
  if (!pullRequest || root.number !== request.number) return undefined;
  if (root.action === 'closed') return { kind: 'closed', pullRequest };
  const kind = headEventOf(root);
  const commit = asRecord(request.head)?.sha;
  const sender = accountOf(root.sender);
  const at = dateOf(request.updated_at);
  return kind && sender && at && isCommit(commit) ? { kind, pullRequest, commit, sender, at } : undefined;
}

/** `after` is the id of a commit, or of an annotated tag's object, whose commit is the head commit. */
function pushEvent(root: JsonRecord, repository: Repository): PushEvent | undefined {
  const ref = typeof root.ref === 'string' ? parseRefPath(root.ref) : undefined;
  const commit = asRecord(root.head_commit)?.id;
  const sender = accountOf(root.sender);
  const at = pushedAt(asRecord(root.repository)?.pushed_at);
  if (!ref || !sender || !at || !isCommit(commit) || root.deleted === true) return undefined;
  const { before } = root;
  const isNew = !isCommit(before) || NO_COMMIT.test(before);
  return { kind: 'push', origin: { repository, commit, ref }, ...(!isNew && { before }), sender, at };
}

function headEventOf({ action, label }: JsonRecord): HeadEvent['kind'] | undefined {
  if (action === 'synchronize') return 'pushed';
  const isFree = action === 'unlabeled' && asRecord(label)?.name === HOLD_LABEL;
  return isFree || OFFERS.has(action) ? 'offered' : undefined;
}

function commentOf(fields: JsonRecord | undefined): Comment | undefined {
  if (!fields) return undefined;
  const { id, body, html_url: url, created_at: created, updated_at: updated } = fields;
  const author = accountOf(fields.user);
  if (!isId(id) || !author || typeof body !== 'string') return undefined;
  if (typeof url !== 'string' || !/^https?:\/\//.test(url)) return undefined;
  if (body.length > COMMENT_LENGTH || !SLASH_LINE.test(body)) return undefined;
  const createdAt = dateOf(created);
  if (!createdAt) return undefined;
  return { id, body, author, createdAt, edited: updated !== created, url };
}

/** A comment of an account that was deleted has no user. */
function accountOf(value: unknown): Account | undefined {
  const fields = asRecord(value);
  const { login, id, type } = fields ?? {};
  if (typeof login !== 'string' || !LOGIN.test(login) || !isId(id)) return undefined;
  return { login, id, bot: type === 'Bot' };
}

function repositoryOf(value: unknown): Repository | undefined {
  const fields = asRecord(value);
  const owner = asRecord(fields?.owner)?.login;
  const { id, name } = fields ?? {};
  if (!isId(id) || typeof name !== 'string' || typeof owner !== 'string') return undefined;
  return NAME.test(name) && OWNER.test(owner) ? { id, owner, name } : undefined;
}

function refOf(repository: Repository, number: unknown): PullRequestRef | undefined {
  return isId(number) ? { repository, number } : undefined;
}

function dateOf(value: unknown): Date | undefined {
  if (typeof value !== 'string') return undefined;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** The only time in a push that no author of a commit chooses: in seconds since 1970, or as GitHub writes times elsewhere. */
function pushedAt(value: unknown): Date | undefined {
  return isId(value) ? new Date(value * 1000) : dateOf(value);
}

function isCommit(value: unknown): value is string {
  return typeof value === 'string' && COMMIT.test(value);
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
