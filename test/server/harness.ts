import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import {
  commentDelivery,
  deliver,
  GitHubServer,
  pullDelivery,
  type GitHubComment,
  type GitHubPull,
  type GitHubRepository,
} from '../fixtures/github/index.js';
import type { ObservedWorkflow } from '../../argo/observed.js';
import { LABELS } from '../../generator/workflow/names.js';
import type { GitHubCheckRun } from '../fixtures/github/world.js';
import { GitServer } from '../fixtures/git-server.js';
import { startKubernetes, type KubernetesStandIn } from '../fixtures/kubernetes.js';
import { S3Server } from '../fixtures/s3-server.js';
import { ArgoStandIn } from './argo.js';

const BIN = fileURLToPath(new URL('../../dist/cli/bin.js', import.meta.url));
const EXAMPLE = fileURLToPath(new URL('../../examples/sklearn-iris', import.meta.url));
const SECRET = "It's a Secret to Everybody";
/** Longer than anything here takes on a busy machine. */
const PATIENCE = 60_000;

/** What a line of the server's log says. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly level: string; readonly msg: string };

/** A server as a process of its own. */
export class ServerProcess {
  readonly log: LogLine[] = [];
  stderr = '';
  #listeners = new Set<() => void>();

  constructor(readonly child: ChildProcess) {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      this.log.push(JSON.parse(line) as LogLine);
      for (const listener of this.#listeners) listener();
    });
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
  }

  /** The first line of the log for which `when` is true, now or later. */
  async line(when: (line: LogLine) => boolean): Promise<LogLine> {
    return until(
      `a line of the log; there are:\n${this.log.map((each) => JSON.stringify(each)).join('\n')}\n${this.stderr}`,
      () => this.log.find(when),
      (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
    );
  }

  get port(): number {
    return this.log.find(({ msg }) => msg === 'listening')?.port as number;
  }

  /** @returns its exit code */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const closed = once(this.child, 'close');
    this.child.kill(signal);
    const [code] = (await closed) as [number | null];
    return code;
  }
}

/** A world on loopback: GitHub, git, an object store, Kubernetes, and as many servers as a test starts. */
export class ServerWorld {
  readonly folder = mkdtempSync(join(tmpdir(), 'kfops-server-'));
  readonly servers: ServerProcess[] = [];
  readonly argo: ArgoStandIn;
  readonly repository: GitHubRepository;

  private constructor(
    readonly github: GitHubServer,
    readonly git: GitServer,
    readonly store: S3Server,
    readonly kubernetes: KubernetesStandIn,
    readonly commits: { readonly base: string; readonly head: string },
    root: string,
  ) {
    this.root = root;
    this.argo = new ArgoStandIn(kubernetes);
    const { world } = github;
    this.repository = world.addRepository('me/iris');
    world.setRole(this.repository, 'ada', 'write');
    world.setRole(this.repository, 'eve', 'read');
  }

  /** Where git's repositories are. */
  readonly root: string;

  static async start(files: Readonly<Record<string, string>> = {}): Promise<ServerWorld> {
    const root = mkdtempSync(join(tmpdir(), 'kfops-git-'));
    const commits = makeRepository(root, files);
    const [github, git, store, kubernetes] = await Promise.all([
      GitHubServer.start(),
      GitServer.start(root),
      S3Server.start(),
      startKubernetes(),
    ]);
    return new ServerWorld(github, git, store, kubernetes, commits, root);
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop('SIGKILL')));
    await Promise.all([this.github.stop(), this.git.stop(), this.store.stop(), this.kubernetes.close()]);
    rmSync(this.folder, { recursive: true, force: true });
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Starts a server, and waits until it listens. */
  async serve({ settings = {}, env = {} }: ServeOptions = {}): Promise<ServerProcess> {
    const file = this.writeSettings(settings);
    const child = spawn(
      process.execPath,
      [
        ...(process.env.DEV ? ['--import=tsx/esm', 'cli/bin.ts'] : [BIN]),
        'serve',
        '--settings',
        file,
        '--kubeconfig',
        this.kubeconfig(),
      ],
      {
        env: { PATH: process.env.PATH, HOME: this.folder, ...this.env(), ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const server = new ServerProcess(child);
    this.servers.push(server);
    await Promise.race([
      server.line(({ msg }) => msg === 'listening'),
      once(child, 'exit').then(() => Promise.reject(new Error(`the server ended: ${server.stderr}`))),
    ]);
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
    writeFileSync(file, this.kubernetes.kubeconfig);
    return file;
  }

  /** @returns the file */
  writeSettings(more: Readonly<Record<string, unknown>> = {}): string {
    const file = join(this.folder, 'settings.yaml');
    const secret = this.#file('webhook-secret', SECRET);
    const settings = {
      registries: ['registry.example.com'],
      minio: { endpoint: this.store.endpoint },
      argo: { url: 'https://argo.example.com' },
      ...more,
      server: {
        address: '127.0.0.1',
        port: 0,
        repositories: ['me/iris'],
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
          access_key_file: this.#file('access-key', this.store.accessKey),
          secret_key_file: this.#file('secret-key', this.store.secretKey),
        },
        cache: { folder: join(this.folder, 'cache') },
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
  openPull(options: { readonly commit?: string; readonly from?: GitHubRepository | null } = {}): PullHandle {
    const commit = options.commit ?? this.commit({ 'pipeline/change.py': `CHANGED = ${Math.random()}\n` });
    const pull = this.github.world.openPull(this.repository, {
      commit,
      author: 'ada',
      base: { commit: this.commits.base, branch: 'main' },
      ...(options.from !== undefined && { from: options.from }),
    });
    return new PullHandle(this, pull);
  }

  /** GitHub tells the server something. */
  async deliver(
    server: ServerProcess,
    delivery: Parameters<typeof deliver>[1],
    id?: string,
  ): Promise<Response> {
    return deliver(`http://127.0.0.1:${server.port}/webhook`, delivery, {
      secret: SECRET,
      ...(id !== undefined && { id }),
    });
  }

  /** A commit on top of another, with these files changed; it is there for whoever fetches it. */
  commit(files: Readonly<Record<string, string | undefined>>, parent = this.commits.head): string {
    return commitFiles(join(this.root, 'work'), files, parent);
  }

  /** Points a branch at a commit. */
  branch(name: string, commit: string): void {
    git(join(this.root, 'me/iris.git'), 'update-ref', `refs/heads/${name}`, commit);
  }

  /** The example's configuration with a text in it replaced, to be committed. */
  configReplacing(text: string, by: string): Record<string, string> {
    const path = 'config_files/config.yaml';
    const config = git(join(this.root, 'work'), 'show', `${this.commits.head}:${path}`);
    if (!config.includes(text)) throw new Error(`the configuration has no ${text}`);
    return { [path]: config.replace(text, by) };
  }

  /** Waits until something is so; looked at after each call of GitHub or Kubernetes. */
  async until<T>(what: string, look: () => T | undefined): Promise<T> {
    return until(
      () =>
        `${what}; comments:\n${[...this.repository.comments.values()].map(({ body }) => body).join('\n---\n')}\nlast calls:\n${[
          ...this.github.calls
            .slice(-8)
            .map(({ method, path, status }) => `GitHub ${method} ${path} ${status}`),
          ...this.kubernetes.requests
            .slice(-8)
            .map(({ method, path, query }) => `Kubernetes ${method} ${path}?${query.toString()}`),
        ].join('\n')}\nthe log:\n${this.servers
          .flatMap(({ log, stderr }) => [...log.map((each) => JSON.stringify(each)), stderr])
          .join('\n')}`,
      look,
      (listener) => {
        const timer = setInterval(listener, 20);
        return () => {
          clearInterval(timer);
        };
      },
    );
  }
}

/** A pull request, and what happens on it. */
export class PullHandle {
  constructor(
    readonly world: ServerWorld,
    readonly pull: GitHubPull,
  ) {}

  /** Somebody comments, and nobody tells the server. */
  write(body: string, login = 'ada'): GitHubComment {
    return this.world.github.world.addComment(this.pull.repository, this.pull.number, login, body);
  }

  /** Somebody comments, and GitHub tells the server. */
  async comment(server: ServerProcess, body: string, login = 'ada'): Promise<GitHubComment> {
    const comment = this.write(body, login);
    await this.tell(server, comment);
    return comment;
  }

  /** GitHub tells the server of a comment. */
  async tell(server: ServerProcess, comment: GitHubComment, id?: string): Promise<void> {
    const response = await this.world.deliver(server, commentDelivery(this.world.github.world, comment), id);
    if (response.status !== 202) throw new Error(`the delivery was answered with ${response.status}`);
  }

  async event(server: ServerProcess, action: 'closed' | 'synchronize', before?: string): Promise<void> {
    await this.world.deliver(server, pullDelivery(this.world.github.world, this.pull, action, before));
  }

  /** A further commit, which becomes the head. */
  push(files: Readonly<Record<string, string | undefined>>): string {
    this.pull.head.commit = this.world.commit(files, this.pull.head.commit);
    return this.pull.head.commit;
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

  /** Waits until the bot's only comment says something. */
  async said(text: string | RegExp): Promise<string> {
    return this.world.until(`the comment to say ${String(text)}`, () => {
      const [comment] = this.botComments;
      const says =
        typeof text === 'string' ? comment?.body.includes(text) : comment && text.test(comment.body);
      return says ? comment?.body : undefined;
    });
  }

  /** Waits until the bot has reacted to a comment. */
  async reacted(comment: GitHubComment, content: 'eyes' | 'rocket' | '-1'): Promise<void> {
    await this.world.until(`the reaction ${content}`, () =>
      comment.reactions.some((reaction) => reaction.content === content) ? true : undefined,
    );
  }
}

/** What a server is started with, beside what every test has. */
export interface ServeOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Waits until `look` gives something; `listen` tells when to look again. */
async function until<T>(
  what: string | (() => string),
  look: () => T | undefined,
  listen: (listener: () => void) => () => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      stop();
      clearTimeout(timer);
    };
    const check = (): void => {
      const found = look();
      if (found === undefined) return;
      end();
      resolve(found);
    };
    const stop = listen(check);
    const timer = setTimeout(() => {
      end();
      reject(new Error(`waited in vain for ${typeof what === 'string' ? what : what()}`));
    }, PATIENCE);
    check();
  });
}

/** `me/iris.git` below `root`, with the example's files at the base, and a change on top of it. */
function makeRepository(
  root: string,
  files: Readonly<Record<string, string>>,
): { readonly base: string; readonly head: string } {
  const work = join(root, 'work');
  mkdirSync(join(root, 'me'), { recursive: true });
  cpSync(EXAMPLE, work, { recursive: true });
  const config = join(work, 'config_files/config.yaml');
  const text = readFileSync(config, 'utf8').replace('example-org', 'me').replace('sklearn-iris', 'iris');
  writeFileSync(config, text);
  git(work, 'init', '-q', '-b', 'main');
  git(root, 'init', '-q', '--bare', 'me/iris.git');
  git(join(root, 'me/iris.git'), 'config', 'uploadpack.allowFilter', 'true');
  git(join(root, 'me/iris.git'), 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  const base = commitFiles(work, files);
  const head = commitFiles(work, { 'pipeline/change.py': 'CHANGED = True\n' }, base);
  return { base, head };
}

function commitFiles(
  work: string,
  files: Readonly<Record<string, string | undefined>>,
  parent?: string,
): string {
  if (parent !== undefined) git(work, 'checkout', '-q', '--detach', parent);
  for (const [path, content] of Object.entries(files)) {
    if (content === undefined) rmSync(join(work, path));
    else {
      mkdirSync(join(work, path, '..'), { recursive: true });
      writeFileSync(join(work, path), content);
    }
  }
  git(work, 'add', '-A');
  git(
    work,
    '-c',
    'user.name=Ada',
    '-c',
    'user.email=ada@example.com',
    'commit',
    '-q',
    '--allow-empty',
    '-m',
    'change',
  );
  const commit = git(work, 'rev-parse', 'HEAD').trim();
  git(work, 'push', '-q', '../me/iris.git', `${commit}:refs/pull/${commit.slice(0, 12)}/head`);
  return commit;
}

function git(cwd: string, ...args: readonly string[]): string {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  return execFileSync('git', args, { cwd, encoding: 'utf8', env });
}
