import { setTimeout as wait } from 'node:timers/promises';

import { LABELS } from '../../generator/workflow/names.js';
import { parseComment, wantsReply } from '../../server/commands/verb-table.js';
import { nameOf, type GitHubComment } from '../fixtures/github/index.js';
import { type PullHandle, type ServerProcess, ServerWorld } from '../server/harness.js';
import { LocalRepository } from '../server/repository.js';
import type { DevOptions } from './arguments.js';
import { ArgoPlayer } from './argo-player.js';
import { PullWatcher, type PullListener } from './pull-watcher.js';
import { repositoryFacts, type RepositoryFacts } from './repository-facts.js';

/** How a comment ended. `ignored`: it has no command. */
export type Outcome = 'done' | 'refused' | 'ignored';

/** A server, all that it needs, and one pull request. */
export class DevSession {
  readonly #player: ArgoPlayer;
  readonly #watcher: PullWatcher;
  #isOver = false;

  private constructor(
    private readonly world: ServerWorld,
    readonly server: ServerProcess,
    readonly pull: PullHandle,
    options: DevOptions,
    listener: PullListener,
    unknownStep: (steps: readonly string[]) => void,
  ) {
    this.#player = new ArgoPlayer(world.kubernetes, world.argo, { ...options, unknown: unknownStep });
    this.#watcher = new PullWatcher(pull.pull, world.github.world.bot, listener);
  }

  static async start(
    options: DevOptions,
    listener: PullListener,
    unknownStep: (steps: readonly string[]) => void,
  ): Promise<DevSession> {
    const facts = repositoryFacts(options.folder);
    const world = await ServerWorld.of(LocalRepository.copyOf(options.folder, facts.name));
    try {
      const server = await world.serve({ settings: settingsFor(facts), fromSource: true });
      const pull = world.openPull({ commit: world.commits.head });
      return new DevSession(world, server, pull, options, listener, unknownStep);
    } catch (error) {
      await world.stop();
      throw error;
    }
  }

  /** `owner/name#1 at 1a2b3c4d5e6f` */
  get title(): string {
    const { repository, number, head } = this.pull.pull;
    return `${nameOf(repository)}#${number} at ${head.commit.slice(0, 12)}`;
  }

  /** What the server did that GitHub would not accept. */
  get problems(): readonly string[] {
    return this.world.github.problems;
  }

  /** Somebody with write permission comments, and GitHub delivers it. */
  async send(body: string): Promise<GitHubComment> {
    const comment = await this.pull.comment(this.server, body);
    this.#watcher.look();
    return comment;
  }

  /** Waits until the server has answered a comment, and has reported the end of all workflows. */
  async answered(comment: GitHubComment): Promise<Outcome> {
    if (!wantsReply(parseComment(comment.body))) return 'ignored';
    const bot = this.world.github.world.bot.id;
    const reaction = await this.#until(() =>
      comment.reactions.find(({ account, content }) => account.id === bot && content !== 'eyes'),
    );
    await this.#until(
      () => this.pull.workflows.every(({ metadata }) => metadata.labels?.[LABELS.reported]) || undefined,
    );
    this.#watcher.look();
    return reaction?.content === 'rocket' ? 'done' : 'refused';
  }

  /** Ends the server and everything else, and removes all files. */
  async stop(): Promise<void> {
    this.#isOver = true;
    this.#watcher.stop();
    this.#player.stop();
    const late = setTimeout(() => this.server.child.kill('SIGKILL'), 5000);
    await this.server.stop();
    clearTimeout(late);
    await this.world.stop();
  }

  /** Looks again and again until there is something; undefined if the session ends before. */
  async #until<T>(look: () => T | undefined): Promise<T | undefined> {
    for (;;) {
      const found = look();
      if (found !== undefined || this.#isOver) return found;
      await wait(50);
    }
  }
}

/** Allows what the repository's configuration names. The server only links to Kubeflow's page. */
function settingsFor({ registry, namespace }: RepositoryFacts): Readonly<Record<string, unknown>> {
  return {
    registries: [registry],
    kfp: { endpoint: 'http://ml-pipeline.kubeflow:8888', url: 'https://kubeflow.example.com/pipeline' },
    server: { namespaces: [namespace] },
  };
}
