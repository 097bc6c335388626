import { createInterface } from 'node:readline';

import { isFinished } from '../../argo/status/nodes.js';
import { LABELS } from '../../generator/workflow/names.js';
import { parseComment, wantsReply } from '../../server/commands/verb-table.js';
import type { GitHubComment } from '../fixtures/github/index.js';
import { type PullHandle, type ServerProcess, ServerWorld } from '../server/harness.js';
import { ArgoPlayer } from './argo-player.js';
import { CommentPage } from './comment-page.js';
import { commentText } from './comment-text.js';

/** Milliseconds between two checks of the stand-ins. */
const TICK_MS = 400;
/** How many of them a step takes: enough for the server to report it while it runs. */
const STEP_TICKS = 12;

/** What `npm run dev` is started with. */
export interface DevelopmentOptions {
  readonly comment: string;
  /** Steps that fail. */
  readonly fail: readonly string[];
  /** Shows the server's log. */
  readonly log: boolean;
  /** Ends after the first comment. */
  readonly once: boolean;
}

/** A server, the stand-ins around it, and one pull request. */
export class Development {
  readonly #player: ArgoPlayer;
  /** The bot's comment as it was last shown. */
  #shown = '';
  #logged = 0;
  /** The comments that hold a command. */
  readonly #written: GitHubComment[] = [];

  private constructor(
    private readonly options: DevelopmentOptions,
    private readonly world: ServerWorld,
    private readonly server: ServerProcess,
    private readonly pull: PullHandle,
    private readonly page: CommentPage,
  ) {
    this.#player = new ArgoPlayer(world, options.fail, options.once ? 1 : STEP_TICKS);
  }

  /** Starts the server from the sources, without a build. */
  static async start(options: DevelopmentOptions): Promise<Development> {
    process.env.DEV = '1';
    const world = await ServerWorld.start();
    const server = await world.serve();
    return new Development(options, world, server, world.openPull(), await CommentPage.start());
  }

  /**
   * Writes comments and shows the answers until the input ends, or the first comment is done.
   *
   * @returns the exit code
   */
  async run(): Promise<number> {
    const { once: isOnce, comment } = this.options;
    const { owner, name } = this.world.repository;
    say(`Pull request #${this.pull.pull.number} of ${owner.login}/${name}: ${this.page.url}`);
    if (!isOnce) say('Type a comment, such as /plan or /cancel. Press Ctrl-C to end.');
    const timer = setInterval(() => {
      this.#tick();
    }, TICK_MS);
    const first = await this.#write(comment);
    if (!isOnce) await this.#prompt();
    // A person who ends the input wants to leave; a file or pipe wants to see the answers.
    if (isOnce || !process.stdin.isTTY)
      await this.world.until('the end of all commands', () => this.#isDone() || undefined);
    clearInterval(timer);
    this.#tick();
    await Promise.all([this.world.stop(), this.page.stop()]);
    return isOnce && !first ? 1 : 0;
  }

  async #prompt(): Promise<void> {
    for await (const line of createInterface({ input: process.stdin }))
      if (line.trim() !== '') await this.#write(line);
  }

  /** @returns whether the comment has a command; else the server ignores it */
  async #write(body: string): Promise<boolean> {
    say(`\nada: ${body}`);
    if (!wantsReply(parseComment(body))) {
      say('The server ignores this comment: no line of it is a command. Try /help.');
      return false;
    }
    this.#written.push(await this.pull.comment(this.server, body));
    return true;
  }

  /** Whether every command has its last reaction, and the end of every workflow is in the bot's comment. */
  #isDone(): boolean {
    return (
      this.#written.every(({ reactions }) => reactions.some(({ content }) => content !== 'eyes')) &&
      this.pull.workflows.every(
        (workflow) => isFinished(workflow) && workflow.metadata.labels?.[LABELS.reported] !== undefined,
      )
    );
  }

  #tick(): void {
    this.#player.play(this.pull.workflows);
    this.#showLog();
    const body = this.pull.botComments.map((comment) => comment.body).join('\n\n');
    if (body === this.#shown) return;
    this.#shown = body;
    this.page.show(body);
    say(commentText(body));
    for (const { name, status, conclusion, output } of this.pull.checks)
      say(`check ${name}: ${conclusion ?? status}${output.title === null ? '' : ` · ${output.title}`}`);
  }

  #showLog(): void {
    const lines = this.server.log.slice(this.#logged);
    this.#logged += lines.length;
    if (this.options.log) for (const line of lines) say(JSON.stringify(line));
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
