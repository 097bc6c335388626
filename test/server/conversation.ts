import {
  commentDelivery,
  type GitHubComment,
  type GitHubPull,
  pullDelivery,
  type PullAction,
  type PullDetails,
} from '../fixtures/github/index.js';
import type { GitHubCheckRun } from '../fixtures/github/world.js';
import { visibleText } from '../support/visible-text.js';
import type { WebhookReceiver } from './process.js';
import type { Changes } from './repository.js';
import type { ServedWorld } from './served.js';

/** A pull request, and what is said on it. */
export class PullConversation<World extends ServedWorld = ServedWorld> {
  constructor(
    readonly world: World,
    readonly pull: GitHubPull,
  ) {}

  /** Somebody comments, and nobody tells the server. */
  write(body: string, login = 'ada'): GitHubComment {
    return this.world.github.world.addComment(this.pull.repository, this.pull.number, login, body);
  }

  /** Somebody comments, and GitHub tells the server. */
  async comment(server: WebhookReceiver, body: string, login = 'ada'): Promise<GitHubComment> {
    const comment = this.write(body, login);
    await this.tell(server, comment);
    return comment;
  }

  /** GitHub tells the server of a comment; again, where a busy machine was too slow to take the body. */
  async tell(server: WebhookReceiver, comment: GitHubComment, id?: string): Promise<void> {
    const delivery = commentDelivery(this.world.github.world, comment);
    let { status } = await this.world.deliver(server, delivery, id);
    for (let again = 0; status === 408 && again < 3; again++)
      ({ status } = await this.world.deliver(server, delivery, id));
    if (status !== 202) throw new Error(`the delivery was answered with ${status}`);
  }

  /** Somebody comments, GitHub tells the server, and the bot has done it or refused it. */
  async answered(
    server: WebhookReceiver,
    body: string,
    reaction: 'rocket' | '-1',
    login?: string,
  ): Promise<GitHubComment> {
    const comment = await this.comment(server, body, login);
    await this.reacted(comment, reaction);
    return comment;
  }

  async event(server: WebhookReceiver, action: PullAction, details: PullDetails = {}): Promise<void> {
    await this.world.deliver(server, pullDelivery(this.world.github.world, this.pull, action, details));
  }

  /** A further commit, which becomes the head. */
  push(files: Changes): string {
    const commit = this.world.commit(files, this.pull.head.commit);
    this.world.github.world.push(this.pull, commit);
    return commit;
  }

  /** Comments of the bot. */
  get botComments(): GitHubComment[] {
    return this.pull.comments.filter(({ author }) => author.login === this.world.github.world.bot.login);
  }

  /** Check runs of its head. */
  get checks(): GitHubCheckRun[] {
    return [...this.pull.repository.checkRuns.values()].filter(
      ({ commit }) => commit === this.pull.head.commit,
    );
  }

  /** Waits until the bot's only comment says something. */
  async said(text: string | RegExp): Promise<string> {
    return this.world.until(`the comment to say ${String(text)}`, () => {
      const [comment] = this.botComments;
      const says =
        typeof text === 'string' ? comment?.body.includes(text) : comment && text.test(comment.body);
      return says ? comment?.body : undefined;
    });
  }

  /** Waits until a check run of its head has ended so; it is told after the comment. */
  async concluded(conclusion: 'success' | 'failure'): Promise<GitHubCheckRun> {
    return this.world.until(`the check to end with ${conclusion}`, () =>
      this.checks.find((check) => check.conclusion === conclusion),
    );
  }

  /** Waits until the bot has reacted to a comment; the end that is not expected fails at once. */
  async reacted(comment: GitHubComment, content: 'eyes' | 'rocket' | '-1'): Promise<void> {
    const bot = this.world.github.world.bot.id;
    const found = await this.world.until(
      () => `the reaction ${content} to ${comment.id}; there are ${JSON.stringify(comment.reactions)}`,
      () => {
        const reactions = comment.reactions.filter(({ account }) => account.id === bot);
        return (
          reactions.find((reaction) => reaction.content === content) ??
          (content === 'eyes' ? undefined : reactions.find((reaction) => reaction.content !== 'eyes'))
        );
      },
    );
    if (found.content === content) return;
    const said = this.botComments.map(({ body }) => visibleText(body));
    throw new Error(
      `the reaction to ${comment.body} is ${found.content}, not ${content}: ${said.join(' | ')}`,
    );
  }
}
