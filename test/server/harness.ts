import type { ObservedWorkflow } from '../../argo/status/observed.js';
import { LABELS } from '../../generator/workflow/names.js';
import { GitServer } from '../fixtures/git-server.js';
import { GitHubServer } from '../fixtures/github/index.js';
import { startKubernetes, type KubernetesStandIn } from '../fixtures/kubernetes.js';
import { S3Server } from '../fixtures/s3-server.js';
import { ArgoStandIn } from './argo.js';
import { PullConversation } from './conversation.js';
import { LocalRepository } from './repository.js';
import { ServedWorld } from './served.js';

export { ServerProcess, type LogLine } from './process.js';
export type { ServeOptions } from './served.js';

/** A world on loopback: GitHub, git, an object store, Kubernetes, and as many servers as a test starts. */
export class ServerWorld extends ServedWorld {
  readonly argo: ArgoStandIn;

  private constructor(
    github: GitHubServer,
    git: GitServer,
    readonly store: S3Server,
    readonly kubernetes: KubernetesStandIn,
    local: LocalRepository,
  ) {
    super(github, git, local, {
      kubeconfig: kubernetes.kubeconfig,
      store,
      settings: { minio: { endpoint: store.endpoint } },
    });
    this.argo = new ArgoStandIn(kubernetes);
  }

  /** @param files - beside those of the example */
  static async start(files: Readonly<Record<string, string>> = {}): Promise<ServerWorld> {
    return ServerWorld.of(LocalRepository.example('me/iris', files));
  }

  /** With this repository instead of the example. */
  static async of(local: LocalRepository): Promise<ServerWorld> {
    const [github, git, store, kubernetes] = await Promise.all([
      GitHubServer.start(),
      GitServer.start(local.root),
      S3Server.start(),
      startKubernetes(),
    ]);
    return new ServerWorld(github, git, store, kubernetes, local);
  }

  override async stop(): Promise<void> {
    await super.stop();
    await Promise.all([this.store.stop(), this.kubernetes.close()]);
  }

  /** A pull request of its own, of a commit that only it has. */
  openPull(options: Parameters<ServedWorld['newPull']>[0] = {}): PullHandle {
    return new PullHandle(this, this.newPull(options));
  }

  protected override lastCalls(): string[] {
    return [
      ...super.lastCalls(),
      ...this.kubernetes.requests
        .slice(-8)
        .map(({ method, path, query }) => `Kubernetes ${method} ${path}?${query.toString()}`),
    ];
  }
}

/** A pull request, and what happens on it. */
export class PullHandle extends PullConversation<ServerWorld> {
  /** What was made for this pull request, in order. */
  get workflows(): ObservedWorkflow[] {
    return this.world.argo.workflows.filter(
      ({ metadata }) => metadata.labels?.[LABELS.pullRequest] === String(this.pull.number),
    );
  }

  /** Waits until there are so many workflows, and gives the last. */
  async workflow(count = 1): Promise<ObservedWorkflow> {
    return this.world.until(`${count} workflows`, () =>
      this.workflows.length >= count ? this.workflows.at(-1) : undefined,
    );
  }
}
