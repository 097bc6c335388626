import type { Account, Comment, GitHub, PullRequestRef, Repository, Urgency } from '../../server/ports.js';

/** The account that the server writes with in tests. */
export const BOT: Account = { login: 'kfops[bot]', id: 99, bot: true };

/** A call of the fake, before it is answered. */
export interface Call {
  readonly kind: 'list' | 'create' | 'edit' | 'remove' | 'comment';
  readonly urgency?: Urgency;
}

/** Comments in memory, as several servers see them at once. */
export class FakeComments {
  comments: Comment[] = [];
  readonly onCommits: Comment[] = [];
  readonly calls: Call[] = [];
  /** Awaited before each call is answered: a test may hold one up, or throw. */
  before: (call: Call, body?: string) => Promise<void> | void = () => undefined;
  #next = 1_000;

  /** What one server is given. */
  readonly github: Pick<GitHub, 'comments' | 'commitComments' | 'people' | 'pullRequests'> = {
    people: {
      me: () => Promise.resolve(BOT),
      permission: () => Promise.resolve('write'),
    },
    pullRequests: {
      read: () => Promise.resolve(undefined),
      headSince: () => Promise.resolve(undefined),
      async *recentlyChanged() {
        // None: nobody asks for them here.
      },
      async *recentComments() {
        // None: nobody asks for them here.
      },
      comment: async (_: Repository, id: number) => {
        await this.#call({ kind: 'comment' });
        return this.comments.find((each) => each.id === id);
      },
    },
    commitComments: {
      list: (_, commit) => Promise.resolve(this.onCommits.filter((each) => each.url.includes(commit))),
      create: async (_, commit, body) => {
        await this.#call({ kind: 'create', urgency: 'final' }, body);
        const comment = { ...this.add(BOT, body), url: `https://github.com/o/r/commit/${commit}` };
        this.comments = this.comments.filter(({ id }) => id !== comment.id);
        this.onCommits.push(comment);
        return comment;
      },
    },
    comments: {
      list: async () => {
        await this.#call({ kind: 'list' });
        return [...this.comments];
      },
      create: async (_: PullRequestRef, body: string, urgency: Urgency) => {
        await this.#call({ kind: 'create', urgency }, body);
        return this.add(BOT, body);
      },
      edit: async (_: PullRequestRef, id: number, body: string, urgency: Urgency) => {
        await this.#call({ kind: 'edit', urgency }, body);
        const comment = this.comments.find((each) => each.id === id);
        if (!comment) return undefined;
        const edited = { ...comment, body, edited: true };
        this.comments = this.comments.map((each) => (each.id === id ? edited : each));
        return edited;
      },
      remove: async (_: PullRequestRef, id: number) => {
        await this.#call({ kind: 'remove' });
        this.comments = this.comments.filter((each) => each.id !== id);
      },
    },
  };

  /** Somebody writes a comment. */
  add(author: Account, body: string): Comment {
    const id = this.#next++;
    const comment = {
      id,
      body,
      author,
      createdAt: new Date(0),
      edited: false,
      url: `https://github.com/#${id}`,
    };
    this.comments.push(comment);
    return comment;
  }

  /** Comments of the bot. */
  get mine(): Comment[] {
    return this.comments.filter(({ author }) => author.id === BOT.id);
  }

  count(kind: Call['kind']): number {
    return this.calls.filter((call) => call.kind === kind).length;
  }

  async #call(call: Call, body?: string): Promise<void> {
    this.calls.push(call);
    await this.before(call, body);
  }
}
