import { LRUCache } from 'lru-cache';

import type { Comment, PullRequestRef } from '../ports.js';
import { mergeStates } from './merge.js';
import type { ConversationState } from './state.js';

interface Held {
  readonly state: ConversationState;
  /** The comment that it was to replace. */
  readonly replaces: string | undefined;
}

/**
 * What the server's comments would hold in conversations that are locked, for as long as GitHub refuses the comment. It is
 * kept in memory: a restart loses it, and other replicas do not know it.
 */
export class Unwritten {
  /** What is unchanged for longest goes first. */
  readonly #held: LRUCache<string, Held>;

  /** @param most - pull requests that are remembered */
  constructor(most: number) {
    this.#held = new LRUCache({ max: most });
  }

  has(ref: PullRequestRef): boolean {
    return this.#held.has(keyOf(ref));
  }

  /**
   * @param written - what the comment holds
   * @returns that, with what could not be written since
   */
  over(ref: PullRequestRef, comment: Comment | undefined, written: ConversationState): ConversationState {
    const held = this.#held.peek(keyOf(ref));
    if (!held) return written;
    return held.replaces === comment?.body ? held.state : mergeStates(held.state, written);
  }

  /**
   * Remembers what GitHub refused.
   *
   * @param approved - commits of a fork that were approved before. An approval must hold for every replica: one that cannot
   *   be written does not count.
   * @returns what is remembered
   */
  hold(
    ref: PullRequestRef,
    comment: Comment | undefined,
    refused: ConversationState,
    approved: readonly string[],
  ): ConversationState {
    const key = keyOf(ref);
    const state = { ...refused, approved };
    this.#held.set(key, { state, replaces: comment?.body });
    return state;
  }

  /** The comment holds it now. */
  forget(ref: PullRequestRef): void {
    this.#held.delete(keyOf(ref));
  }
}

function keyOf({ repository, number }: PullRequestRef): string {
  return `${repository.id}#${number}`;
}
