import { LRUCache } from 'lru-cache';

import type { Comment, PullRequestRef } from '../ports.js';
import { originKey } from '../repository-key.js';
import { mergeStates } from './merge.js';
import type { ConversationState } from './state.js';

interface Held {
  readonly state: ConversationState;
  /** The comment that it would have replaced. */
  readonly replaces: string | undefined;
}

/**
 * States of locked conversations, for as long as GitHub rejects the comments. They are kept in memory: a restart loses
 * them, and other replicas don't know them.
 */
export class Unwritten {
  /** What is unchanged for longest goes first. */
  readonly #held: LRUCache<string, Held>;

  /** @param most - pull requests to keep */
  constructor(most: number) {
    this.#held = new LRUCache({ max: most });
  }

  has(ref: PullRequestRef): boolean {
    return this.#held.has(originKey(ref));
  }

  /**
   * @param written - the state in the comment
   * @returns that state with what could not be written since
   */
  over(ref: PullRequestRef, comment: Comment | undefined, written: ConversationState): ConversationState {
    const held = this.#held.peek(originKey(ref));
    if (!held) return written;
    return held.replaces === comment?.body ? held.state : mergeStates(held.state, written);
  }

  /**
   * Keeps what GitHub rejected.
   *
   * @param approved - commits of a fork that were approved before. An approval must hold for every replica, so an
   *   approval that cannot be written doesn't count.
   * @returns what is kept
   */
  hold(
    ref: PullRequestRef,
    comment: Comment | undefined,
    refused: ConversationState,
    approved: readonly string[],
  ): ConversationState {
    const key = originKey(ref);
    const state = { ...refused, approved };
    this.#held.set(key, { state, replaces: comment?.body });
    return state;
  }

  /** The comment has it now. */
  forget(ref: PullRequestRef): void {
    this.#held.delete(originKey(ref));
  }
}
