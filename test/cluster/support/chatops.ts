import { apiPath, type ClusterClient } from '../../../argo/client/client.js';
import { type PullRequestWorkflow, workflowsOf } from '../../../argo/workflows/find-workflows.js';
import { GitServer } from '../../fixtures/git-server.js';
import { GitHubServer, pushDelivery, type Delivery } from '../../fixtures/github/index.js';
import type { GitHubCheckRun } from '../../fixtures/github/world.js';
import { PullConversation } from '../../server/conversation.js';
import type { ServerProcess } from '../../server/process.js';
import { LocalRepository } from '../../server/repository.js';
import { ServedWorld } from '../../server/served.js';
import { client, testSettings, uniqueName } from './build.js';
import { environment, NAMESPACE } from './environment.js';
import { PROFILE } from './kubeflow.js';
import { type ImageConfig, projectFiles } from './project.js';
import { serverKubeconfig } from './server-account.js';

const OWNER = 'chatops';

/** A pull request's images: by name the Dockerfile. */
export type Dockerfiles = Readonly<Record<string, string>>;

/** The server with the real cluster, store and registry; GitHub and git are stand-ins. */
export class ChatopsWorld extends ServedWorld {
  /** Where this repository's images stand in the registry. */
  readonly path = this.repository.name;

  /** Where its builds run. */
  get namespace(): string {
    return NAMESPACE;
  }

  /** Of somebody who can see its workflows. */
  readonly client: ClusterClient = client;

  /**
   * @param endpoint - address of Kubeflow Pipelines, as pods reach it
   * @param outputs - address of its metadata store. Default: none
   */
  static async start(test: Mocha.Context, endpoint: string, outputs?: string): Promise<ChatopsWorld> {
    const kubeconfig = await serverKubeconfig(test);
    const { github, git, local } = await standIns();
    const { kaniko, compiler, kfops } = testSettings();
    return new ChatopsWorld(github, git, local, {
      kubeconfig,
      store: environment.minio,
      settings: {
        registries: [environment.registry],
        kaniko: { image: kaniko.image },
        compiler: { image: compiler.image },
        kfops: { image: kfops.image },
        kfp: { endpoint, ...(outputs !== undefined && { outputs }) },
        server: {
          insecure_registries: [environment.registry],
          // Nothing starts by itself unless a test's repository asks for it.
          triggers: { pull_request: ['plan', 'build'], push: ['build', 'build_run'], tag: ['build'] },
        },
      },
      patience: 240_000,
    });
  }

  /** Repository of an image, with its registry. */
  imageOf(name: string): string {
    return `${environment.registry}/${this.path}/${name}`;
  }

  /**
   * A pull request with these images, and a pipeline.
   *
   * @param onto - its head is what `main` has for the pull request
   */
  openPull(dockerfiles: Dockerfiles, pipeline?: string, onto?: ChatopsPull): ChatopsPull {
    const files = this.#filesOf(dockerfiles, pipeline);
    const base = onto?.pull.head.commit;
    const commit = this.commit(files, base);
    const change = { commit, ...(base !== undefined && { base: { commit: base, branch: 'main' } }) };
    return new ChatopsPull(this, this.newPull(change));
  }

  /**
   * A merge to the default branch, and what GitHub tells of it.
   *
   * @param config - lines of config.yaml: of its triggers, and more of its pipeline
   */
  merge(
    dockerfiles: Dockerfiles,
    pipeline: string,
    config: { readonly triggers: string; readonly pipeline: string },
  ): { readonly commit: string; readonly delivery: Delivery } {
    const { 'config_files/config.yaml': text = '', ...files } = this.#filesOf(dockerfiles, pipeline);
    const changed = text.replace(/^pipeline:\n/m, `pipeline:\n${config.pipeline}`);
    const written = { 'config_files/config.yaml': `${changed}triggers: ${config.triggers}\n` };
    const commit = this.commit({ ...files, ...written }, this.commits.base);
    this.branch('main', commit);
    const { world } = this.github;
    const sender = world.account('ada');
    const delivery = pushDelivery(world, this.repository, 'refs/heads/main', {
      before: this.commits.base,
      after: commit,
      sender,
    });
    return { commit, delivery };
  }

  /** A tag on a commit, and what GitHub tells of it. */
  tag(name: string, commit: string): Delivery {
    const { world } = this.github;
    const push = { after: commit, sender: world.account('ada') };
    return pushDelivery(world, this.repository, `refs/tags/${name}`, push);
  }

  #filesOf(dockerfiles: Dockerfiles, pipeline: string | undefined): Record<string, string> {
    const images = Object.keys(dockerfiles).map((name): ImageConfig => ({ name, cache: false }));
    const repository = { owner: OWNER, name: this.repository.name };
    return {
      ...projectFiles({ path: this.path, images, repository, pipeline: { namespace: PROFILE } }),
      ...(pipeline !== undefined && { 'pipeline.py': pipeline }),
      ...Object.fromEntries(Object.entries(dockerfiles).map(([name, text]) => [`${name}/Dockerfile`, text])),
    };
  }

  /** From now on, the config.yaml of the default branch asks for builds that start by themselves. */
  askForBuilds(): void {
    const { 'config_files/config.yaml': text = '', ...files } = projectFiles({ path: this.path, images: [] });
    const config = { 'config_files/config.yaml': `${text}triggers: {pull_request: build}\n` };
    this.branch('main', this.commit({ ...files, ...config }, this.commits.base));
  }

  /** Waits until this server reports. */
  async leads(server: ServerProcess): Promise<void> {
    await server.line(({ msg }) => msg === 'became leader: reporting and reconciling');
  }
}

/** GitHub and git with one repository. */
export async function standIns(): Promise<{ github: GitHubServer; git: GitServer; local: LocalRepository }> {
  // The workflows of earlier runs are still in the cluster: neither name nor number may be theirs.
  const local = LocalRepository.of(`${OWNER}/${uniqueName('repository')}`, {});
  const [github, git] = await Promise.all([
    GitHubServer.start({ firstId: Date.now() }),
    GitServer.start(local.root),
  ]);
  return { github, git, local };
}

/** A pull request, and what the cluster has of it. */
export class ChatopsPull extends PullConversation<ChatopsWorld> {
  /** Tag of its images. */
  get tag(): string {
    return this.pull.head.commit.slice(0, 12);
  }

  /** Its workflows, the latest first. */
  async workflows(): Promise<readonly PullRequestWorkflow[]> {
    const { repository, number } = this.pull;
    return workflowsOf(this.world.client, this.world.namespace, { repository, number });
  }

  /** Its only workflow. */
  async workflow(): Promise<PullRequestWorkflow> {
    const [workflow, ...more] = await this.workflows();
    if (!workflow || more.length > 0) throw new Error(`${more.length + (workflow ? 1 : 0)} workflows, not 1`);
    return workflow;
  }

  /** Waits until its head's only check has come to this end. */
  async checked(conclusion: 'success' | 'failure' | 'cancelled'): Promise<GitHubCheckRun> {
    return this.world.until(`the check to end as ${conclusion}`, () => {
      const [check, ...more] = this.checks;
      return more.length === 0 && check?.conclusion === conclusion ? check : undefined;
    });
  }
}

/** Names of a workflow's pods that have not come to their end. */
export async function workingPods(workflow: string): Promise<readonly string[]> {
  const { items } = await client.call<{
    readonly items: readonly {
      readonly metadata: { readonly name: string };
      readonly status?: { readonly phase?: string };
    }[];
  }>({
    what: 'listing pods',
    path: apiPath('api', 'v1', 'namespaces', NAMESPACE, 'pods'),
    query: { labelSelector: `workflows.argoproj.io/workflow=${workflow}` },
  });
  return items
    .filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed')
    .map(({ metadata }) => metadata.name);
}
