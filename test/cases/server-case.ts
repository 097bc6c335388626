/**
 * Recorded runs of the server: a folder `server-*` each, with `case.json`, `run/` (what happens, one file a step:
 * `.json` is a delivery of GitHub, `.yaml` is how Argo says a workflow stands) and `expected/` (after each step
 * the comment, if it changed, new comments on commits, and what else was told). The parts of the server run as they are, against stand-ins;
 * only the pace of the reporter is left out.
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { pino } from 'pino';

import type { ObservedWorkflow } from '../../argo/status/observed.js';
import { parseSettings, type Settings } from '../../index.js';
import type { ServerContext } from '../../server/context.js';
import { meaningOf, readDelivery } from '../../server/http/payload.js';
import { handleEvent } from '../../server/runtime/receive.js';
import { explainHere } from '../../server/planning/log-reader.js';
import { planHere } from '../../server/planning/planner.js';
import { planningPorts } from '../../server/planning/ports.js';
import { reporting } from '../../server/reporter/reporting.js';
import { subjectOf } from '../../server/reporter/subject.js';
import { tell, type Followed } from '../../server/reporter/tell.js';
import { connect } from '../../server/runtime/connect.js';
import { openContext } from '../../server/runtime/open-context.js';
import { metrics as createMetrics } from '../../server/telemetry/metrics.js';
import { GitServer } from '../fixtures/git-server.js';
import { GitHubServer } from '../fixtures/github/index.js';
import { startKubernetes } from '../fixtures/kubernetes.js';
import { S3Server } from '../fixtures/s3-server.js';
import { setStatus } from './server-argo.js';
import { makeRepository, meet, placeIn } from './server-github.js';
import { Told } from './server-told.js';

/** `case.json` of a recorded run. */
export interface ServerCase {
  /** What the case shows, in a sentence. */
  readonly shows: string;
  /**
   * The files of the base branch, from the case's folder, with those of `base/` over them; those of `change/` are laid
   * over both for the head.
   */
  readonly repository: string;
  /** Laid over the settings that every case has. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Runs a case in a world of its own. @returns file name → content */
export async function runServerCase(folder: string): Promise<ReadonlyMap<string, string>> {
  const file = JSON.parse(await readFile(join(folder, 'case.json'), 'utf8')) as ServerCase;
  const temporary = await mkdtemp(join(tmpdir(), 'kfops-server-case-'));
  const [github, git, store, kubernetes] = await Promise.all([
    GitHubServer.start(),
    GitServer.start(temporary),
    S3Server.start(),
    startKubernetes(),
  ]);
  const over = new AbortController();
  try {
    const steps = await stepsOf(folder);
    const deliveries = steps.flatMap(({ name, text }) => (name.endsWith('.json') ? [readDelivery(text, name)] : []));
    const place = placeIn(deliveries[0]?.payload);
    const commits = makeRepository(temporary, join(folder, file.repository), folder, place.repository);
    const settings = await settingsOf(file, place.repository, temporary, { github, store });
    const log = pino({ level: 'silent' });
    const connected = await connect({
      settings,
      client: kubernetes.client,
      env: { GITHUB_API_URL: github.apiUrl, GITHUB_SERVER_URL: new URL(git.url('x')).origin },
      log,
      metrics: createMetrics(),
      secrets: () => [],
    });
    const planner = planHere(planningPorts(settings, connected.github.git, log));
    const world = openContext({ ...connected, planner, explain: explainHere, web: 'https://github.com' });
    const told = new Told(github.world, kubernetes, settings.namespace);
    const followed = new Map<string, Followed>();
    for (const { name, text } of steps) {
      if (name.endsWith('.json')) {
        const delivery = readDelivery(text, name);
        meet(github.world, delivery.payload, commits);
        const meaning = meaningOf(delivery, name);
        if ('ignored' in meaning) told.outcome = { outcome: 'ignored', why: meaning.ignored };
        else
          told.outcome = await handleEvent(world, meaning.event, {
            log,
            signal: over.signal,
            receivedAt: new Date(),
          });
      } else {
        await report(world, setStatus(kubernetes, settings.namespace, text), followed, over.signal);
      }
      await Promise.all(connected.pending);
      told.after(Number.parseInt(name, 10));
    }
    connected.github.close();
    if (github.problems.length > 0) throw new Error(github.problems.join('\n'));
    return told.files;
  } finally {
    over.abort();
    await Promise.all([github.stop(), git.stop(), store.stop(), kubernetes.close()]);
    await rm(temporary, { recursive: true, force: true });
  }
}

/** What the reporter does once it has seen a change. */
async function report(
  world: ServerContext,
  workflow: ObservedWorkflow,
  known: Map<string, Followed>,
  signal: AbortSignal,
): Promise<void> {
  const log = pino({ level: 'silent' });
  const subject = subjectOf(workflow.metadata);
  if (!subject) throw new Error(`${workflow.metadata.name} is of no pull request`);
  const followed = known.get(subject.name) ?? { subject, namespace: world.settings.namespace, fingerprint: '' };
  known.set(subject.name, followed);
  await tell(
    reporting(world, log),
    { key: subject.name, weight: 'final', failures: 0, subjects: [followed] },
    signal,
  );
}

/** The files of `run/`, in the order of their numbers. */
async function stepsOf(folder: string): Promise<readonly { readonly name: string; readonly text: string }[]> {
  const names = await readdir(join(folder, 'run'));
  names.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  return Promise.all(
    names.map(async (name) => ({ name, text: await readFile(join(folder, 'run', name), 'utf8') })),
  );
}

async function settingsOf(
  { settings = {} }: ServerCase,
  { owner, name }: { readonly owner: string; readonly name: string },
  folder: string,
  { github, store }: { readonly github: GitHubServer; readonly store: S3Server },
): Promise<Settings> {
  const secret = async (file: string, content: string): Promise<string> => {
    await writeFile(join(folder, file), content);
    return join(folder, file);
  };
  const text = JSON.stringify({
    registries: ['registry.example.com'],
    images: { registry: 'registry.example.com/kfops' },
    argo: { url: 'https://argo.example.com' },
    // A test asks registries of its own only.
    build: { reuse: false },
    ...settings,
    server: {
      repositories: [`${owner}/${name}`],
      namespaces: ['data-science'],
      github: {
        app: { id: github.world.app.id, private_key_file: await secret('app.pem', github.privateKey) },
        writes_per_minute: 100_000,
        writes_per_hour: 1_000_000,
      },
      ...(settings.server as object | undefined),
      minio: {
        endpoint: store.endpoint,
        access_key_file: await secret('access-key', store.accessKey),
        secret_key_file: await secret('secret-key', store.secretKey),
      },
      cache: { folder: join(folder, 'cache') },
    },
  });
  return parseSettings(text, { file: 'settings' }).value;
}

