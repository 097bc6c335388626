import { LRUCache } from 'lru-cache';

import { refPath } from '../../generator/workflow/git-ref.js';
import { isUnprocessable } from '../github/errors.js';
import type { Comment, PushedCommit, Urgency } from '../ports.js';
import { originKey } from '../repository-key.js';
import type { Conversation, ConversationsOptions, StateChange } from './conversation.js';
import { readMarker } from './marker.js';
import { mergeStates } from './merge.js';
import { renderOrPlainer, renderPlainest } from './plain.js';
import type { RenderContext } from './render.js';
import { NOTHING_YET, type Build, type ConversationState } from './state.js';
import { buildOf, hasEnded } from './transitions.js';

/**
 * The server's comments on commits that were pushed: one for each build, written when it ends, as GitHub lets
 * only accounts that can write the repository's files change a comment. Until then only this process knows the state: the workflow in the cluster
 * has what another one needs, and the commit's check shows it.
 */
export class CommitConversations {
  readonly #states: LRUCache<string, ConversationState>;
  /** The last change of each commit: the next one waits for it. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(private readonly options: ConversationsOptions) {
    this.#states = new LRUCache({ max: options.remembered ?? 2_000 });
  }

  async read(origin: PushedCommit): Promise<Conversation> {
    return { state: await this.#known(origin), comment: undefined };
  }

  /** Writes a comment for a build that ended, if the urgency is `final`. A build that was stopped has its check alone. */
  change(origin: PushedCommit, change: StateChange, urgency: Urgency): Promise<Conversation> {
    const key = originKey(origin);
    const before = this.#turns.get(key) ?? Promise.resolve();
    const done = before.then(() => this.#apply(origin, change, urgency));
    const turn = done.catch(() => undefined);
    this.#turns.set(key, turn);
    void turn.then(() => {
      if (this.#turns.get(key) === turn) this.#turns.delete(key);
    });
    return done;
  }

  async #apply(origin: PushedCommit, change: StateChange, urgency: Urgency): Promise<Conversation> {
    const before = await this.#known(origin);
    const state = change(before);
    if (state === before && urgency !== 'final') return { state, comment: undefined };
    const ended = state.builds.filter((build) => hasEnded(build) && build.state !== 'stopped');
    const comment = urgency === 'final' ? await this.#write(origin, ended) : undefined;
    this.#states.set(originKey(origin), state);
    return { state, comment };
  }

  async #known(origin: PushedCommit): Promise<ConversationState> {
    const key = originKey(origin);
    const state = this.#states.get(key) ?? (await this.#listStates(origin)).reduce(latestFirst, NOTHING_YET);
    this.#states.set(key, state);
    return state;
  }

  /** @returns the last comment that it wrote */
  async #write(origin: PushedCommit, ended: readonly Build[]): Promise<Comment | undefined> {
    if (ended.length === 0) return undefined;
    // Another process may have written one. A build that is retried ends again, otherwise.
    const there = await this.#listStates(origin);
    let last: Comment | undefined;
    for (const build of ended) if (!isTold(there, build)) last = await this.#create(origin, build);
    return last;
  }

  async #create(origin: PushedCommit, build: Build): Promise<Comment> {
    const { repository, commit } = origin;
    const { github, log, render } = this.options;
    const context: RenderContext = { ...render, ...origin };
    const state = { ...NOTHING_YET, builds: [build] };
    const write = (body: string): Promise<Comment> => github.commitComments.create(repository, commit, body);
    const { body } = renderOrPlainer(state, context, (err) => {
      log.error({ err, commit }, 'comment not rendered; its details are omitted');
    });
    try {
      return await write(body);
    } catch (err) {
      if (!isUnprocessable(err)) throw err;
      log.error({ err, commit }, 'GitHub rejected the comment; retrying without details');
      return write(renderPlainest(state, context, err).body);
    }
  }

  /** The states in comments of the server's own account about this branch or tag, oldest first. */
  async #listStates({ repository, commit, ref }: PushedCommit): Promise<readonly ConversationState[]> {
    const { commitComments, people } = this.options.github;
    const me = await people.me(repository);
    const mine = await commitComments.list(repository, commit, me.id);
    return mine
      .filter(({ author }) => author.id === me.id)
      .map(({ body }) => readMarker(body))
      .flatMap((read) => (read.kind === 'state' ? [read.state] : []))
      .filter(({ builds }) => builds.every(({ request }) => request.ref === refPath(ref)));
  }
}

/** Whether a comment says how a build ended. */
function isTold(there: readonly ConversationState[], { request, state }: Build): boolean {
  return there.some((each) => request.commentIds.some((id) => buildOf(each, id)?.state === state));
}

function latestFirst(older: ConversationState, newer: ConversationState): ConversationState {
  return mergeStates(newer, older);
}
