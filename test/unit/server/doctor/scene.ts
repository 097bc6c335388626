import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Check } from '../../../../argo/doctor/doctor.js';
import { parseSettings, type Settings } from '../../../../schema/index.js';
import { checkGitHub } from '../../../../server/doctor/github.js';
import { GitHubServer } from '../../../fixtures/github/index.js';

/** A stand-in for GitHub with the repositories of two accounts, and the settings of a server for them. */
export class DoctorScene {
  readonly #folder = mkdtempSync(join(tmpdir(), 'kfops-doctor-'));
  readonly #key = join(this.#folder, 'key.pem');
  readonly #token = join(this.#folder, 'token');
  /** `settings.server`, besides `github`. */
  server: Record<string, unknown> = {
    url: 'https://kfops.example.com',
    repositories: ['acme/churn', 'acme/vision', 'research/genome'],
  };
  /** `settings.server.github` */
  credentials: Record<string, unknown>;

  private constructor(readonly github: GitHubServer) {
    for (const name of ['acme/churn', 'acme/vision', 'research/genome'])
      github.world.addRepository(name, { isPrivate: name === 'acme/vision' });
    writeFileSync(this.#key, github.privateKey);
    this.credentials = { app: { id: github.world.app.id, private_key_file: this.#key } };
  }

  static async start(): Promise<DoctorScene> {
    return new DoctorScene(await GitHubServer.start());
  }

  /** The settings have a token of this account instead of the App. */
  useToken(login: string, scopes?: readonly string[]): void {
    writeFileSync(this.#token, `${this.github.world.addToken(login, scopes).token}\n`);
    this.credentials = { token_file: this.#token };
  }

  settings(): Settings {
    const { apiUrl } = this.github;
    const server = { ...this.server, github: { api_url: apiUrl, ...this.credentials } };
    return parseSettings(JSON.stringify({ server }), { file: 'settings.yaml' }).value;
  }

  /** @param timeoutMs - for one request; long, where it must not count */
  async checks({ timeoutMs = 60_000 } = {}): Promise<Check[]> {
    const clock = { now: () => 0, wait: () => Promise.resolve() };
    const checks: Check[] = [];
    const web = { GITHUB_SERVER_URL: 'https://github.example.com' };
    for await (const check of checkGitHub(this.settings(), { env: web, timeoutMs, clock }))
      checks.push(check);
    return checks;
  }

  /** As {@link checks}, a line each: `✗ name: found → next step`. */
  async lines(options?: { readonly timeoutMs: number }): Promise<string[]> {
    const marks = { ok: '✓', problem: '✗', unknown: '?' };
    return (await this.checks(options)).map(({ name, state, found, nextStep }) =>
      `${marks[state]} ${name}: ${found}${nextStep === undefined ? '' : ` → ${nextStep}`}`
        .replaceAll(this.github.apiUrl, 'API')
        .replaceAll(this.#folder, 'FOLDER'),
    );
  }

  async stop(): Promise<void> {
    await this.github.stop();
    rmSync(this.#folder, { recursive: true });
  }
}
