import { describeWorkflow, type PullRequestWorkflow } from '../../argo/workflows/find-workflows.js';
import { listMetadata, type WorkflowMetadata } from '../../argo/workflows/read-many.js';
import { LABELS, UNFINISHED } from '../../generator/workflow/names.js';
import { followPull, stop, type AskPermission } from '../builds/pull-changes.js';
import type { ServerContext } from '../context.js';
import type { Permission, PullRequestRef, Repository } from '../ports.js';
import { subjectOf } from '../reporter/subject.js';
import { pullRequestKey, repositoryKey } from '../repository-key.js';
import { isServed } from '../rules/permissions.js';
import type { Logger } from '../telemetry/log.js';

/** Pull requests of one round; the others are the first of the next one. Each costs two or three requests. */
const MOST_PULLS = 50;
/** Rounds in a row in which GitHub must not know a repository: a single 404 may be trouble of its own. */
const ROUNDS_WITHOUT = 2;

interface Running {
  readonly ref: PullRequestRef;
  readonly workflows: PullRequestWorkflow[];
}

/**
 * Finds what no event announced, or whose event was lost: pull requests with unfinished workflows that were closed or got
 * a new head, people who lost their permission, repositories that the server lost. Costs nothing at GitHub while nothing runs.
 */
export class RunningBuilds {
  /** When each pull request was checked, by number of the round. Those that run no more are dropped. */
  #seen = new Map<string, number>();
  /** How often in a row a repository was not there, by its key. */
  #missing = new Map<string, number>();
  #rounds = 0;

  constructor(private readonly context: ServerContext) {}

  /** One round. What fails is checked again in the next one; never rejects. */
  async check(log: Logger, signal: AbortSignal): Promise<void> {
    const round = ++this.#rounds;
    try {
      const pulls = await this.#pulls(log, signal);
      this.#seen = new Map([...pulls.keys()].map((key) => [key, this.#seen.get(key) ?? 0]));
      const next = [...this.#seen].sort(([, a], [, b]) => a - b).slice(0, MOST_PULLS);
      const ask = remembered(this.context);
      const there = await this.#repositories(
        next.flatMap(([key]) => pulls.get(key) ?? []),
        log,
      );
      for (const [key] of next) {
        if (signal.aborted) return;
        this.#seen.set(key, round);
        const running = pulls.get(key);
        const access = running && there.get(repositoryKey(running.ref.repository));
        if (running && access) await this.#follow(running, access, ask, log, signal);
      }
    } catch (err) {
      if (!signal.aborted) log.warn({ err }, 'running builds could not be checked; checked again later');
    }
  }

  /**
   * Pull requests of served repositories with workflows that have not ended, in each namespace apart. A team can forge
   * annotations in its own namespace: what GitHub says of those stops only workflows of that namespace.
   */
  async #pulls(log: Logger, signal: AbortSignal): Promise<Map<string, Running>> {
    const { cluster, settings } = this.context;
    const pulls = new Map<string, Running>();
    const lists = cluster.namespaces.map((namespace) => this.#unfinished(namespace, log, signal));
    for (const [metadata, namespace] of (await Promise.all(lists)).flat()) {
      const workflow = describeWorkflow(metadata, namespace);
      const ref = subjectOf(metadata)?.pullRequest;
      // Those of other repositories may be another server's.
      if (!ref || workflow.finished || !isServed(settings.server.repositories, ref.repository)) continue;
      const key = `${namespace}: ${pullRequestKey(ref)}`;
      const known = pulls.get(key);
      if (known) known.workflows.push(workflow);
      else pulls.set(key, { ref, workflows: [workflow] });
    }
    return pulls;
  }

  /** What runs in a namespace; nothing if it can't be listed, which doesn't keep the others from being checked. */
  async #unfinished(
    namespace: string,
    log: Logger,
    signal: AbortSignal,
  ): Promise<readonly (readonly [WorkflowMetadata, string])[]> {
    const selector = `${UNFINISHED},${LABELS.pullRequest}`;
    try {
      const { items } = await listMetadata(this.context.cluster.client, namespace, selector, signal);
      return items.map((metadata) => [metadata, namespace] as const);
    } catch (err) {
      if (signal.aborted) throw err;
      log.warn({ err, namespace }, 'running builds of a namespace could not be listed; listed again later');
      return [];
    }
  }

  /** By its key whether the server still has a repository; absent where that isn't known. */
  async #repositories(running: readonly Running[], log: Logger): Promise<Map<string, 'there' | 'lost'>> {
    const { github, settings } = this.context;
    const all = new Map(running.map(({ ref: { repository } }) => [repositoryKey(repository), repository]));
    const found = new Map<string, 'there' | 'lost'>();
    const missing = new Map<string, number>();
    for (const [key, { id, owner, name }] of all) {
      try {
        const now = await github.repository(owner, name);
        // Renamed or transferred, it's not the one of the settings any longer; of the same name, it's another one.
        if (now?.id === id && isServed(settings.server.repositories, now)) found.set(key, 'there');
        else {
          const times = (this.#missing.get(key) ?? 0) + 1;
          missing.set(key, times);
          if (times >= ROUNDS_WITHOUT) found.set(key, 'lost');
        }
      } catch (err) {
        log.warn({ err, repository: `${owner}/${name}` }, 'a repository with running builds cannot be read');
      }
    }
    this.#missing = missing;
    return found;
  }

  async #follow(
    { ref, workflows }: Running,
    access: 'there' | 'lost',
    ask: AskPermission,
    log: Logger,
    signal: AbortSignal,
  ): Promise<void> {
    const work = { log: log.child({ pullRequest: ref.number }), signal };
    try {
      if (access === 'lost') await stop(this.context, workflows, 'gone', work);
      else await followPull(this.context, ref, workflows, work, ask);
    } catch (err) {
      if (!signal.aborted) work.log.warn({ err }, 'a pull request with running builds could not be checked');
    }
  }
}

/** Asks for each person once. */
function remembered({ github }: ServerContext): AskPermission {
  const answers = new Map<string, Promise<Permission>>();
  return (repository: Repository, login) => {
    const key = `${repositoryKey(repository)}/${login}`;
    const known = answers.get(key) ?? github.people.permission(repository, login);
    answers.set(key, known);
    return known;
  };
}
