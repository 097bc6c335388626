import { takeTurns } from '../../common/take-turns.js';
import { followPull, stop, type AskPermission } from '../builds/pull-changes.js';
import type { ServerContext } from '../context.js';
import type { Permission, Repository } from '../ports.js';
import { repositoryKey } from '../repository-key.js';
import { isServed } from '../rules/permissions.js';
import type { Logger } from '../telemetry/log.js';
import { runningPulls, type RunningPull } from './running-pulls.js';

/** Pull requests of one round; the others come in later ones. Each costs two or three requests. */
const MOST_PULLS = 50;
/** How often in a row GitHub must not know a repository: a single 404 may be trouble of its own. */
const ROUNDS_WITHOUT = 2;

/**
 * Finds what no event announced, or whose event was lost: pull requests with unfinished workflows that were closed or got
 * a new head, people who lost their permission, repositories that the server lost. Costs nothing at GitHub while nothing runs.
 */
export class RunningBuilds {
  /** When each pull request was checked, by number of the round. Those that run no more are dropped. */
  #seen = new Map<string, number>();
  /** How often in a row a repository was not there, by its key. Those in which nothing runs are dropped. */
  readonly #missing = new Map<string, number>();
  #rounds = 0;

  constructor(private readonly context: ServerContext) {}

  /** One round. What fails is checked again in the next one; never rejects. */
  async check(log: Logger, signal: AbortSignal): Promise<void> {
    const round = ++this.#rounds;
    try {
      const next = this.#next(await runningPulls(this.context, log, signal));
      const ask = remembered(this.context);
      const there = await this.#repositories(
        next.map(([, pull]) => pull),
        log,
      );
      for (const [key, pull] of next) {
        if (signal.aborted) return;
        this.#seen.set(key, round);
        const access = there.get(repositoryKey(pull.ref.repository));
        if (access) await this.#follow(pull, access, ask, log, signal);
      }
    } catch (err) {
      if (!signal.aborted) log.warn({ err }, 'running builds could not be checked; checked again later');
    }
  }

  /**
   * The pull requests of this round, those first that were checked longest ago. Namespaces, their repositories and the
   * people in those take turns: one with many builds delays no other.
   */
  #next(pulls: ReadonlyMap<string, RunningPull>): readonly (readonly [string, RunningPull])[] {
    this.#seen = new Map([...pulls.keys()].map((key) => [key, this.#roundOf(key)]));
    const repositories = new Set([...pulls.values()].map(({ ref }) => repositoryKey(ref.repository)));
    for (const key of this.#missing.keys()) if (!repositories.has(key)) this.#missing.delete(key);
    const oldestFirst = [...pulls].sort(([a], [b]) => this.#roundOf(a) - this.#roundOf(b));
    return takeTurns(
      oldestFirst,
      ([, { namespace }]) => namespace,
      ([, { ref }]) => repositoryKey(ref.repository),
      ([, { by }]) => by,
    ).slice(0, MOST_PULLS);
  }

  /** In which round a pull request was checked; 0: never. */
  #roundOf(key: string): number {
    return this.#seen.get(key) ?? 0;
  }

  /** By its key whether the server still has a repository; absent where that isn't known. */
  async #repositories(running: readonly RunningPull[], log: Logger): Promise<Map<string, 'there' | 'lost'>> {
    const { github, settings } = this.context;
    const all = new Map(running.map(({ ref: { repository } }) => [repositoryKey(repository), repository]));
    const found = new Map<string, 'there' | 'lost'>();
    for (const [key, { id, owner, name }] of all) {
      const times = (this.#missing.get(key) ?? 0) + 1;
      this.#missing.delete(key);
      try {
        const now = await github.repository(owner, name);
        // Renamed or transferred, it's not the one of the settings any longer; of the same name, it's another one.
        if (now?.id === id && isServed(settings.server.repositories, now)) found.set(key, 'there');
        else {
          this.#missing.set(key, times);
          if (times >= ROUNDS_WITHOUT) found.set(key, 'lost');
        }
      } catch (err) {
        log.warn({ err, repository: `${owner}/${name}` }, 'a repository with running builds cannot be read');
      }
    }
    return found;
  }

  async #follow(
    { ref, workflows }: RunningPull,
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
