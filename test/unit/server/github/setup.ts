import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { defaultSettings } from '../../../../schema/index.js';
import { githubFor, type GitHubAdapter, type GitHubCall } from '../../../../server/github/index.js';
import type { PullRequestRef, Repository } from '../../../../server/ports.js';
import { createLog } from '../../../../server/telemetry/log.js';
import { FakeClock } from '../../../fixtures/fake-clock.js';
import { GitHubServer, type GitHubPull, type GitHubRepository } from '../../../fixtures/github/index.js';

/** A commit's id. */
export const COMMIT = 'a'.repeat(40);

/** A stand-in with one repository and one pull request, and the adapter in front of it. */
export interface Scene {
  readonly server: GitHubServer;
  readonly clock: FakeClock;
  readonly github: GitHubAdapter;
  /** As the metrics are told. */
  readonly calls: GitHubCall[];
  /** Lines of the log. */
  readonly log: string[];
  readonly shown: GitHubRepository;
  readonly repository: Repository;
  readonly pull: GitHubPull;
  readonly ref: PullRequestRef;
  /** Where the secrets are. */
  readonly folder: string;
  /** Another adapter in front of the same stand-in: what a new process would have. */
  readonly another: (options?: { readonly timeoutMs: number }) => Promise<GitHubAdapter>;
  /** Lets time pass until it is done. */
  readonly until: <T>(promise: Promise<T>) => Promise<T>;
  /** @throws when something was asked or answered that GitHub's description does not know */
  end(): Promise<void>;
}

/** Options of {@link scene}. */
export interface SceneOptions {
  /** Who calls. */
  readonly as?: 'app' | 'token';
  readonly perMinute?: number;
  readonly perHour?: number;
}

export async function scene({
  as = 'app',
  perMinute = 80,
  perHour = 500,
}: SceneOptions = {}): Promise<Scene> {
  const clock = new FakeClock(Date.parse('2026-01-01T00:00:00Z'));
  const server = await GitHubServer.start({ now: () => clock.now() });
  const folder = mkdtempSync(join(tmpdir(), 'kfops-github-'));
  const shown = server.world.addRepository('team/iris');
  server.world.setRole(shown, 'machine', 'write');
  const pull = server.world.openPull(shown, { commit: COMMIT, author: 'alice' });
  const secret = join(folder, 'secret');
  writeFileSync(secret, as === 'app' ? server.privateKey : `${server.world.addToken('machine').token}\n`);
  const log: string[] = [];
  const calls: GitHubCall[] = [];
  const start = (more: { readonly timeoutMs?: number } = {}): Promise<GitHubAdapter> =>
    githubFor(
      {
        ...defaultSettings().server.github,
        ...(as === 'app'
          ? { app: { id: server.world.app.id, private_key_file: secret } }
          : { token_file: secret }),
        writes_per_minute: perMinute,
        writes_per_hour: perHour,
      },
      {
        log: createLog({ level: 'debug', to: { write: (line: string) => log.push(line) > 0 } }),
        env: { GITHUB_API_URL: server.apiUrl },
        onCall: (call) => calls.push(call),
        clock,
        random: () => 0.5,
        ...more,
      },
    );
  const github = await start();
  const repository = { id: shown.id, owner: 'team', name: 'iris' };
  // Requests are counted where they leave, so that the clock stands still while one is under way.
  const realFetch = globalThis.fetch;
  let underWay = 0;
  globalThis.fetch = async (...call) => {
    underWay++;
    try {
      return await realFetch(...call);
    } finally {
      underWay--;
    }
  };
  return {
    server,
    clock,
    github,
    another: start,
    calls,
    log,
    shown,
    repository,
    pull,
    ref: { repository, number: pull.number },
    folder,
    until: (promise) => clock.until(promise, () => underWay > 0),
    end: async () => {
      globalThis.fetch = realFetch;
      github.close();
      await server.stop();
      rmSync(folder, { recursive: true });
      if (server.problems.length > 0) throw new Error(server.problems.join('\n'));
    },
  };
}

/** The error that a promise fails with. */
export async function failure(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('It did not fail.');
}

/** Waits for something that goes on by itself. */
export async function eventually(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}
