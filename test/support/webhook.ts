import { spawn, type ChildProcess } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { endsWithTests } from './interrupted.js';

/** An example of GitHub: the fields that tests change. Which of them are there depends on the event. */
export interface Payload {
  action: string;
  readonly issue: Record<string, unknown> & { readonly number: number };
  readonly comment: Record<string, unknown>;
  readonly pull_request: { readonly head: { readonly sha: string }; readonly updated_at: string };
  readonly label?: Record<string, unknown>;
  readonly repository: { readonly url: string };
}

const require = createRequire(import.meta.url);

interface Examples {
  readonly name: string;
  readonly examples: readonly Payload[];
}

/** Deliveries of an event as GitHub publishes them; copies. */
export function examplesOf(event: string, action?: string): Payload[] {
  const all = require('@octokit/webhooks-examples') as { default: readonly Examples[] } | readonly Examples[];
  const list = 'default' in all ? all.default : all;
  const examples = list.find(({ name }) => name === event)?.examples ?? [];
  return structuredClone(examples.filter((example) => action === undefined || example.action === action));
}

/** GitHub's example of a new comment, on a pull request, with this text. */
export function commentPayload(body: string): Payload {
  const payload = examplesOf('issue_comment', 'created')[0]!;
  payload.issue.pull_request = { url: `${payload.repository.url}/pulls/${payload.issue.number}` };
  payload.comment.body = body;
  return payload;
}

/** What GitHub puts into `X-Hub-Signature-256`. */
export function signatureOf(secret: string, body: string | Buffer): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/** The headers of a delivery. */
export function deliveryHeaders(secret: string, event: string, body: string): Record<string, string> {
  return {
    'content-type': 'application/json',
    'x-github-event': event,
    'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    'x-hub-signature-256': signatureOf(secret, body),
  };
}

/** A delivery's head as anybody can write it, without its length and its end. */
export function forgedHead(): string {
  const headers = Object.entries(deliveryHeaders('not the secret', 'issue_comment', 'x'));
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST /webhook HTTP/1.1\r\nhost: x\r\n${lines.join('')}`;
}

/** A server as a process of its own. */
export interface ServerProcess {
  readonly port: number;
  /** Of all labels together where `labels` is not given. */
  metric(name: string, labels?: string): Promise<number>;
  get(path: string): Promise<string>;
  stop(): Promise<void>;
}

/** Starts a script that writes its port to stdout as its first line. */
export async function startServerProcess(
  script: string,
  env: Readonly<Record<string, string>>,
): Promise<ServerProcess> {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx/esm', script], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  endsWithTests(child);
  const exit = once(child, 'exit');
  const first = once(createInterface({ input: child.stdout! }), 'line');
  const [line] = (await Promise.race([
    first,
    exit.then(([code]) => {
      throw new Error(`${script} ended with ${String(code)} before it listened`);
    }),
  ])) as [string];
  const port = Number(line);
  const get = async (path: string): Promise<string> =>
    (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  return {
    port,
    get,
    metric: async (name, labels) => {
      const text = await get('/metrics');
      const lines = text
        .split('\n')
        .filter((row) => row.startsWith(`${name} `) || row.startsWith(`${name}{`));
      const wanted = labels === undefined ? lines : lines.filter((row) => row.includes(labels));
      return wanted.reduce((sum, row) => sum + Number(row.slice(row.lastIndexOf(' '))), 0);
    },
    stop: async () => {
      child.kill('SIGTERM');
      await exit;
    },
  };
}
