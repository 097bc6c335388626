import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  deliver,
  type GitHubAccount,
  type GitHubPull,
  type GitHubRepository,
  type GitHubServer,
} from '../fixtures/github/index.js';
import type { GitHubActivity } from '../fixtures/github/world.js';
import type { GitServer } from '../fixtures/git-server.js';
import { removedWithTests } from '../support/interrupted.js';
import { visibleText } from '../support/visible-text.js';
import { PATIENCE, ServerProcess, until, type WebhookReceiver } from './process.js';
import type { Changes, LocalRepository } from './repository.js';

/** Of the webhook. */
export const WEBHOOK_SECRET = "It's a Secret to Everybody";

/** What a server is started with, beside what every test has. */
export interface ServeOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Runs the server's TypeScript instead of `dist/`. */
  readonly fromSource?: boolean;
}

/** The cluster and the object store of a server. */
export interface Outside {
  /** A kubeconfig's text. */
  readonly kubeconfig: string;
  /** As the server itself reaches it. */
  readonly store: { readonly endpoint: string; readonly accessKey: string; readonly secretKey: string };
  /** Settings that belong to them. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** How long anything may take there, in milliseconds. */
  readonly patience?: number;
}

/** GitHub and git on loopback with one repository, a cluster and a store outside, and as many servers as a test starts. */
export class ServedWorld {
  readonly folder = mkdtempSync(join(tmpdir(), 'kfops-server-'));
  readonly #removeFolder = removedWithTests(this.folder);
  readonly servers: ServerProcess[] = [];
  readonly repository: GitHubRepository;
  readonly patience: number;

  constructor(
    readonly github: GitHubServer,
    readonly git: GitServer,
    protected readonly local: LocalRepository,
    private readonly outside: Outside,
  ) {
    this.patience = outside.patience ?? PATIENCE;
    const { world } = github;
    this.repository = world.addRepository(local.name);
    world.setRole(this.repository, 'ada', 'write');
    world.setRole(this.repository, 'eve', 'read');
  }

  /** Where git's repositories are. */
  get root(): string {
    return this.local.root;
  }

  get commits(): LocalRepository['commits'] {
    return this.local.commits;
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop('SIGKILL')));
    await Promise.all([this.github.stop(), this.git.stop()]);
    this.#removeFolder();
    this.local.remove();
  }

  /** Starts a server, and waits until it listens. */
  async serve({ settings = {}, env = {}, fromSource }: ServeOptions = {}): Promise<ServerProcess> {
    const files = { settings: this.writeSettings(settings), kubeconfig: this.kubeconfig() };
    const all = { HOME: this.folder, ...this.env(), ...env };
    const server = await ServerProcess.start(files, all, {
      patience: this.patience,
      ...(fromSource !== undefined && { fromSource }),
    });
    this.servers.push(server);
    return server;
  }

  env(): Record<string, string> {
    return {
      GITHUB_API_URL: this.github.apiUrl,
      GITHUB_SERVER_URL: new URL(this.git.url('x')).origin,
      TMPDIR: this.folder,
    };
  }

  kubeconfig(): string {
    const file = join(this.folder, 'kubeconfig');
    writeFileSync(file, this.outside.kubeconfig, { mode: 0o600 });
    return file;
  }

  /** @returns the file */
  writeSettings(more: Readonly<Record<string, unknown>> = {}): string {
    const { store, settings: ofOutside } = this.outside;
    const file = join(this.folder, 'settings.yaml');
    const secret = this.#file('webhook-secret', WEBHOOK_SECRET);
    const settings = {
      registries: ['registry.example.com'],
      images: { registry: 'registry.example.com/kfops' },
      argo: { url: 'https://argo.example.com' },
      // A test asks registries of its own only.
      build: { reuse: false },
      ...ofOutside,
      ...more,
      server: {
        address: '127.0.0.1',
        port: 0,
        repositories: [this.local.name],
        namespaces: ['data-science'],
        github: {
          app: {
            id: this.github.world.app.id,
            private_key_file: this.#file('app.pem', this.github.privateKey),
          },
          webhook_secret_files: [secret],
          writes_per_minute: 100_000,
          writes_per_hour: 1_000_000,
        },
        minio: {
          endpoint: store.endpoint,
          access_key_file: this.#file('access-key', store.accessKey),
          secret_key_file: this.#file('secret-key', store.secretKey),
        },
        cache: { folder: join(this.folder, 'cache') },
        ...(ofOutside.server as object | undefined),
        ...(more.server as object | undefined),
      },
    };
    writeFileSync(file, JSON.stringify(settings, null, 2));
    return file;
  }

  #file(name: string, content: string): string {
    const file = join(this.folder, name);
    writeFileSync(file, `${content}\n`);
    return file;
  }

  /** A pull request of its own, of a commit that only it has. */
  protected newPull(options: {
    readonly commit?: string;
    readonly from?: GitHubRepository | null;
    readonly base?: { readonly commit: string; readonly branch: string };
  }): GitHubPull {
    const commit = options.commit ?? this.commit({ 'pipeline/change.py': `CHANGED = ${Math.random()}\n` });
    return this.github.world.openPull(this.repository, {
      commit,
      author: 'ada',
      base: options.base ?? { commit: this.commits.base, branch: 'main' },
      ...(options.from !== undefined && { from: options.from }),
    });
  }

  /** GitHub tells the server something. */
  async deliver(
    server: WebhookReceiver,
    delivery: Parameters<typeof deliver>[1],
    id?: string,
  ): Promise<Response> {
    return deliver(server.webhook, delivery, {
      secret: WEBHOOK_SECRET,
      ...(id !== undefined && { id }),
    });
  }

  /** A commit on top of another, with these files changed; it is there for whoever fetches it. */
  commit(files: Changes, parent = this.commits.head): string {
    return this.local.commit(files, parent);
  }

  /** Points a branch at a commit. */
  branch(name: string, commit: string): void {
    this.local.branch(name, commit);
    this.repository.branches.set(name, commit);
  }

  /**
   * Somebody pushes to a branch that is no pull request's, and nobody tells the server.
   *
   * @returns the commit that it pointed at before
   */
  pushBranch(
    name: string,
    commit: string,
    actor: GitHubAccount,
    type?: GitHubActivity['type'],
  ): string | undefined {
    const before = this.repository.branches.get(name);
    this.local.branch(name, commit);
    this.github.world.pushBranch(this.repository, name, commit, actor, type);
    return before;
  }

  /** The repository's configuration with a text in it replaced, to be committed. */
  configReplacing(text: string, by: string): Record<string, string> {
    const path = 'config_files/config.yaml';
    const config = this.local.read(path);
    if (!config.includes(text)) throw new Error(`the configuration has no ${text}`);
    return { [path]: config.replace(text, by) };
  }

  /** The latest calls of the world, for the message of a test that waited in vain. */
  protected lastCalls(): string[] {
    return this.github.calls
      .slice(-8)
      .map(({ method, path, status }) => `GitHub ${method} ${path} ${status}`);
  }

  /** The latest comments, as people see them. */
  protected lastComments(): string[] {
    const bodies = [...this.repository.comments.values()].slice(-5).map(({ body }) => body);
    return ['the last comments:', ...bodies.map(visibleText)];
  }

  /** The latest lines of all servers' logs, with the server that wrote each. */
  protected lastLines(): string[] {
    const lines = this.servers.flatMap(({ log, child }) => log.map((line) => ({ server: child.pid, line })));
    const ended = this.servers.flatMap(({ child, stderr }) =>
      child.exitCode === null && child.signalCode === null
        ? []
        : [`server ${child.pid}: ${child.signalCode ?? child.exitCode} ${stderr.slice(-1000)}`],
    );
    return [
      `the end of the log of ${this.servers.length} servers:`,
      ...lines
        .sort((a, b) => String(a.line.time).localeCompare(String(b.line.time)))
        .slice(-60)
        .map(({ server, line }) => `${server} ${JSON.stringify(line)}`),
      ...ended,
    ];
  }

  /** Waits until something is so; looked at again and again. */
  async until<T>(
    what: string | (() => string),
    look: () => T | undefined,
    patience = this.patience,
  ): Promise<T> {
    return until(
      () =>
        [
          typeof what === 'string' ? what : what(),
          ...this.lastComments(),
          ...this.lastLines(),
          'last calls:',
          ...this.lastCalls(),
        ].join('\n'),
      look,
      (listener) => {
        const timer = setInterval(listener, 20);
        return () => {
          clearInterval(timer);
        };
      },
      patience,
    );
  }
}
