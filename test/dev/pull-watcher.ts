import type { GitHubAccount, GitHubComment, GitHubPull } from '../fixtures/github/index.js';
import { visibleText } from '../support/visible-text.js';

/** Called with what people see on the pull request. */
export interface PullListener {
  /** A comment of the bot is new or says something else. */
  readonly written: (text: string, isNew: boolean) => void;
  readonly reacted: (comment: GitHubComment, content: string) => void;
  /** Any change, of a person's comment too. */
  readonly changed: () => void;
}

const EVERY_MS = 50;

/** Looks at what the bot does on a pull request. */
export class PullWatcher {
  readonly #texts = new Map<number, string>();
  readonly #reactions = new Set<number>();
  #seen = '';
  readonly #timer = setInterval(() => {
    this.look();
  }, EVERY_MS);

  constructor(
    private readonly pull: GitHubPull,
    private readonly bot: GitHubAccount,
    private readonly listener: PullListener,
  ) {}

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Reports what is new now. */
  look(): void {
    for (const comment of this.pull.comments) {
      this.#reactionsOf(comment);
      if (comment.author.id === this.bot.id) this.#textOf(comment);
    }
    const seen = JSON.stringify(
      this.pull.comments.map(({ id, body, reactions }) => [id, body, reactions.length]),
    );
    if (seen !== this.#seen) this.listener.changed();
    this.#seen = seen;
  }

  #textOf({ id, body }: GitHubComment): void {
    const text = visibleText(body);
    const before = this.#texts.get(id);
    this.#texts.set(id, text);
    if (text !== before) this.listener.written(text, before === undefined);
  }

  #reactionsOf(comment: GitHubComment): void {
    for (const { id, content } of comment.reactions) {
      if (this.#reactions.has(id)) continue;
      this.#reactions.add(id);
      this.listener.reacted(comment, content);
    }
  }
}
