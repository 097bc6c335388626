import { LRUCache } from 'lru-cache';

import { WorkError } from '../../schema/errors.js';
import { isLocked, isUnprocessable, type GitHubError } from '../github/errors.js';
import type { Comment, PullRequestRef, Urgency } from '../ports.js';
import { originKey } from '../repository-key.js';
import type { Conversation, ConversationsOptions, StateChange } from './conversation.js';
import { hasMarker, readMarker, withoutMarker } from './marker.js';
import { mergeStates } from './merge.js';
import { renderOrPlainer, renderPlainest } from './plain.js';
import type { Rendered } from './render.js';
import { NOTHING_YET, type ConversationState } from './state.js';
import { Unwritten } from './unwritten.js';

/** How often a change is applied again because another replica has written, too. */
const ROUNDS = 5;
/** The most urgent first. */
const URGENCIES: readonly Urgency[] = ['record', 'final', 'reply', 'progress', 'reaction'];
/** Changes that decide what other replicas do: they may have been overwritten. */
const READ_BACK: ReadonlySet<Urgency> = new Set(['record', 'reply']);

interface Waiting {
  readonly change: StateChange;
  readonly urgency: Urgency;
  readonly resolve: (done: Conversation) => void;
  readonly reject: (error: unknown) => void;
}

/** The server's one comment on each pull request. */
export class PullConversations {
  /** Ids of the comments, the least recently used first. */
  readonly #ids: LRUCache<string, number>;
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #unwritten: Unwritten;

  constructor(private readonly options: ConversationsOptions) {
    const remembered = options.remembered ?? 2_000;
    this.#ids = new LRUCache({ max: remembered });
    this.#unwritten = new Unwritten(remembered);
  }

  async read(ref: PullRequestRef): Promise<Conversation> {
    const comment = await this.#find(ref);
    return { comment, state: this.#known(ref, comment) };
  }

  change(ref: PullRequestRef, change: StateChange, urgency: Urgency): Promise<Conversation> {
    return new Promise((resolve, reject) => {
      const one: Waiting = { change, urgency, resolve, reject };
      const waiting = this.#waiting.get(originKey(ref));
      if (waiting) waiting.push(one);
      else {
        this.#waiting.set(originKey(ref), [one]);
        void this.#work(ref);
      }
    });
  }

  /** Runs until no change waits for this pull request; never rejects. */
  async #work(ref: PullRequestRef): Promise<void> {
    const key = originKey(ref);
    for (;;) {
      const batch = this.#waiting.get(key) ?? [];
      if (batch.length === 0) break;
      this.#waiting.set(key, []);
      try {
        await this.#write(ref, batch);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#waiting.delete(key);
  }

  /** Applies the changes in one write, and settles each. */
  async #write(ref: PullRequestRef, batch: readonly Waiting[]): Promise<void> {
    const failed = new Map<Waiting, unknown>();
    const apply: StateChange = (before) =>
      batch.reduce((state, one) => {
        try {
          return one.change(state);
        } catch (error) {
          failed.set(one, error);
          return state;
        }
      }, before);
    const urgency = URGENCIES.find((each) => batch.some((one) => one.urgency === each)) ?? 'progress';
    const done = await this.#apply(ref, apply, urgency);
    for (const one of batch) {
      if (failed.has(one)) one.reject(failed.get(one));
      else one.resolve(done);
    }
  }

  async #apply(ref: PullRequestRef, change: StateChange, urgency: Urgency): Promise<Conversation> {
    const { comments } = this.options.github;
    /** Set if someone deleted the comment during the write. */
    let lost: ConversationState | undefined;
    /** GitHub's rejection of the comment. */
    let refusal: GitHubError | undefined;
    for (let round = 1; round <= 2 * ROUNDS; round += 1) {
      const comment = await this.#find(ref);
      const before = this.#known(ref, comment, lost);
      const isHeld = this.#unwritten.has(ref);
      const after = change(before);
      if (after === before && lost === undefined && !isHeld) return { comment, state: before };
      const { body, state } = this.#render(ref, after, refusal);
      if (comment && sameText(comment.body, body)) {
        this.#unwritten.forget(ref);
        return { comment, state };
      }
      const hold = (): Conversation => ({
        comment,
        state: this.#unwritten.hold(ref, comment, state, before.approved),
        unwritten: withoutMarker(body),
      });
      if (isHeld && urgency === 'progress') return hold();
      let written: Comment | undefined;
      try {
        written = comment
          ? await comments.edit(ref, comment.id, body, urgency)
          : await this.#create(ref, body, urgency);
      } catch (err) {
        if (isLocked(err)) {
          if (!isHeld) this.#tellLocked(ref, err);
          return hold();
        }
        if (refusal || !isUnprocessable(err)) throw err;
        this.options.log.error(
          { err, pullRequest: ref.number },
          'GitHub rejected the comment; retrying without details',
        );
        refusal = err;
        continue;
      }
      if (written) this.#unwritten.forget(ref);
      if (comment && !written) {
        this.#forget(ref);
        lost = before;
      }
      if (written && (!READ_BACK.has(urgency) || round >= ROUNDS)) return { comment: written, state };
    }
    throw new WorkError(
      `The comment on pull request ${ref.number} was deleted each time it was written.`,
      'Check which bot or GitHub workflow deletes comments there.',
    );
  }

  /** @param lost - replaces a comment that someone deleted */
  #known(ref: PullRequestRef, comment: Comment | undefined, lost?: ConversationState): ConversationState {
    const written = comment ? this.#stateOf(ref, comment) : (lost ?? NOTHING_YET);
    return this.#unwritten.over(ref, comment, written);
  }

  #tellLocked({ repository: { owner, name }, number }: PullRequestRef, err: GitHubError): void {
    this.options.log.warn(
      { err, repository: `${owner}/${name}`, pullRequest: number },
      'conversation is locked; replies go to the check of its commit. Unlock the conversation to get comments',
    );
  }

  /** The server's current comment: the last known one, else the oldest on the pull request. */
  async #find(ref: PullRequestRef): Promise<Comment | undefined> {
    const id = this.#ids.peek(originKey(ref));
    if (id !== undefined) {
      const comment = await this.options.github.pullRequests.comment(ref.repository, id);
      if (comment) {
        this.#remember(ref, id);
        return comment;
      }
      this.#forget(ref);
    }
    const [oldest, ...younger] = await this.#listMine(ref);
    if (!oldest) return undefined;
    this.#remember(ref, oldest.id);
    return younger.length === 0 ? oldest : this.#unite(ref, oldest, younger);
  }

  /** Comments of the server's own account that begin with a marker, oldest first. */
  async #listMine(ref: PullRequestRef): Promise<Comment[]> {
    const { comments, people } = this.options.github;
    const me = await people.me(ref.repository);
    const mine = await comments.list(ref, me.id);
    return mine
      .filter(({ author, body }) => author.id === me.id && hasMarker(body))
      .sort((a, b) => a.id - b.id);
  }

  /**
   * Two replicas may both have found none and created one each: the oldest stays.
   *
   * @returns undefined if the new one was deleted
   */
  async #create(ref: PullRequestRef, body: string, urgency: Urgency): Promise<Comment | undefined> {
    const { comments } = this.options.github;
    const created = await comments.create(ref, body, urgency);
    const [oldest] = await this.#listMine(ref);
    if (!oldest || oldest.id >= created.id) {
      this.#remember(ref, created.id);
      return created;
    }
    await comments.remove(ref, created.id);
    this.#remember(ref, oldest.id);
    return undefined;
  }

  /** A replica that dies after creating the second comment leaves two: merges their states. */
  async #unite(
    ref: PullRequestRef,
    oldest: Comment,
    younger: readonly Comment[],
  ): Promise<Comment | undefined> {
    const state = [oldest, ...younger].map((each) => this.#stateOf(ref, each)).reduce(mergeStates);
    const { body } = this.#render(ref, state);
    const { comments } = this.options.github;
    let edited: Comment | undefined;
    try {
      edited = sameText(oldest.body, body) ? oldest : await comments.edit(ref, oldest.id, body, 'record');
    } catch (err) {
      if (!isLocked(err)) throw err;
      // Both are read as one until GitHub accepts the edit.
      return { ...oldest, body };
    }
    if (!edited) {
      this.#forget(ref);
      return this.#find(ref);
    }
    for (const { id } of younger) await comments.remove(ref, id);
    return edited;
  }

  /** Never throws for any state: parts that cannot be rendered are left out, with a note. */
  #render({ repository, number }: PullRequestRef, state: ConversationState, refusal?: GitHubError): Rendered {
    const context = { ...this.options.render, repository, number };
    if (refusal) return renderPlainest(state, context, refusal);
    return renderOrPlainer(state, context, (err) => {
      this.options.log.error({ err, pullRequest: number }, 'comment not rendered; its details are omitted');
    });
  }

  #stateOf(ref: PullRequestRef, { id, body }: Comment): ConversationState {
    const read = readMarker(body);
    if (read.kind === 'state') return read.state;
    const why = read.kind === 'unreadable' ? read.why : 'its marker is missing';
    this.options.log.warn(
      { pullRequest: ref.number, comment: id, why },
      'state in the comment is unreadable; starting over',
    );
    return NOTHING_YET;
  }

  #remember(ref: PullRequestRef, id: number): void {
    this.#ids.set(originKey(ref), id);
  }

  #forget(ref: PullRequestRef): void {
    this.#ids.delete(originKey(ref));
  }
}

/** GitHub may change line endings, and drop the last one. */
function sameText(a: string, b: string): boolean {
  return a.replace(/\r\n/g, '\n').trimEnd() === b.trimEnd();
}
