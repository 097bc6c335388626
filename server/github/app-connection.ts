import type { App, Octokit } from 'octokit';

import type { Clock } from '../../common/clock.js';
import type { Account, Repository } from '../ports.js';
import {
  accountOf,
  octokitOptions,
  watchCalls,
  type Access,
  type Connection,
  type ConnectionOptions,
  type Named,
} from './connection.js';

/** A token of an installation is good for an hour; milliseconds until git is given a new one. */
const GIT_TOKEN_MS = 40 * 60_000;

/** Which App, and the key that it signs with (PEM). */
export interface AppKey {
  readonly id: number;
  readonly privateKey: string;
}

/** Octokit's own App: it calls as the App itself, or as one of its installations. */
export async function octokitApp({ id, privateKey }: AppKey, options: ConnectionOptions): Promise<App> {
  // A third of a second to load, which only a server needs.
  const { App, Octokit: Plain } = await import('octokit');
  const common = octokitOptions(options);
  // Each installation has an octokit of its own, which the App makes of the same class.
  const Watched = Plain.plugin((octokit) => {
    watchCalls(octokit, options.onCall);
  }).defaults(common);
  return new App({ appId: id, privateKey, log: common.log, Octokit: Watched });
}

/** Calls as a GitHub App: with its installation's token for each repository. */
export async function appConnection(
  { clock, ...key }: AppKey & { readonly clock: Clock },
  options: ConnectionOptions,
): Promise<Connection> {
  const app = await octokitApp(key, options);
  return new AppConnection(app.octokit, (installation) => app.getInstallationOctokit(installation), clock);
}

class AppConnection implements Connection {
  readonly kind = 'app';
  /** By `owner/name`. */
  readonly #installations = new Map<string, Promise<number>>();
  readonly #octokits = new Map<number, Promise<Octokit>>();
  /** Of which the last token was refused. */
  readonly #refused = new Set<number>();
  /** By the repository's number. */
  readonly #gitTokens = new Map<number, { readonly token: string; readonly madeAt: number }>();
  #me: Account | undefined;

  constructor(
    private readonly asApp: Octokit,
    private readonly installed: (installation: number) => Promise<Octokit>,
    private readonly clock: Clock,
  ) {}

  async access(repository: Named): Promise<Access> {
    const installation = await this.#installation(repository);
    // Octokit would keep using its current token.
    if (this.#refused.delete(installation))
      await this.asApp.auth({ type: 'installation', installationId: installation, refresh: true });
    let octokit = this.#octokits.get(installation);
    if (!octokit) {
      octokit = this.installed(installation);
      this.#octokits.set(installation, octokit);
    }
    return { octokit: await octokit, lane: String(installation) };
  }

  forget(repository: Named): void {
    const name = nameOf(repository);
    void this.#installations.get(name)?.then(
      (installation) => this.#refused.add(installation),
      () => undefined,
    );
    this.#installations.delete(name);
    this.#gitTokens.clear();
  }

  async me(repository: Named): Promise<Account> {
    if (this.#me) return this.#me;
    const { data } = await this.asApp.request('GET /app');
    const { octokit } = await this.access(repository);
    const { data: user } = await octokit.request('GET /users/{username}', {
      username: `${data?.slug ?? ''}[bot]`,
    });
    return (this.#me = accountOf(user));
  }

  async gitToken(repository: Repository): Promise<string> {
    const known = this.#gitTokens.get(repository.id);
    if (known && this.clock.now() - known.madeAt < GIT_TOKEN_MS) return known.token;
    const installationId = await this.#installation(repository);
    const madeAt = this.clock.now();
    const made = (await this.asApp.auth({
      type: 'installation',
      installationId,
      repositoryIds: [repository.id],
      permissions: { contents: 'read' },
      // Octokit's own cache gives a token out until its last minute.
      refresh: true,
    })) as { readonly token: string };
    this.#gitTokens.set(repository.id, { token: made.token, madeAt });
    return made.token;
  }

  #installation(repository: Named): Promise<number> {
    const name = nameOf(repository);
    const known = this.#installations.get(name);
    if (known) return known;
    const asked = this.asApp
      .request('GET /repos/{owner}/{repo}/installation', { owner: repository.owner, repo: repository.name })
      .then(({ data }) => data.id);
    this.#installations.set(name, asked);
    asked.catch(() => {
      this.#installations.delete(name);
    });
    return asked;
  }
}

function nameOf({ owner, name }: Named): string {
  return `${owner}/${name}`.toLowerCase();
}
