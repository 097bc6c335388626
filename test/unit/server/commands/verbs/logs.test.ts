import { readFileSync } from 'node:fs';

import { expect } from 'chai';

import type { ObservedWorkflow } from '../../../../../argo/status/observed.js';
import { stepsOf } from '../../../../../generator/results/result.js';
import { workflowResult } from '../../../../../argo/status/status.js';
import type { CommandReply } from '../../../../../server/builds/authorised-command.js';
import { logsReply } from '../../../../../server/commands/verbs/logs.js';
import { redact } from '../../../../../server/redact/redact.js';
import { cutMarkdown } from '../../../../../server/comment/cut.js';
import { CommandServer, commentOf, identityOf } from '../../command-server.js';
import { HEAD, pullRequest } from '../../facts.js';

/** A recorded workflow of test/fixtures/argo. */
function recorded(name: string): ObservedWorkflow {
  const file = new URL(`../../../../fixtures/argo/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { workflow: ObservedWorkflow }).workflow;
}

describe('/logs, and threat 83: what a log does where it is shown', () => {
  let server: CommandServer;

  beforeEach(async () => {
    server = await CommandServer.open();
  });
  afterEach(() => server.close());

  /** Adds a workflow of the pull request with the steps of a recorded one. @returns the pod of each step */
  function has(
    recording: string,
    change: (status: NonNullable<ObservedWorkflow['status']>) => object = (s) => s,
  ) {
    const name = server.has({ phase: 'Failed' });
    const there = server.workflows.objects.get(name)!;
    const { metadata, spec, status } = recorded(recording);
    const annotations = { ...metadata.annotations, ...there.metadata.annotations };
    const workflow = {
      ...there,
      metadata: { ...there.metadata, annotations },
      spec,
      status: change(status!),
    };
    server.workflows.replace(workflow);
    const result = workflowResult(workflow);
    const pods = new Map(stepsOf(result).map(({ label, step }) => [label, step.pod]));
    return { name, pods };
  }

  function ask(argument?: string, timeoutMs?: number): Promise<CommandReply> {
    const context = {
      ...server.context,
      links: { redact: (text: string) => redact(text, ['hunter2hunter2']) },
    };
    return logsReply(
      context,
      {
        command: { verb: 'logs', flags: {}, line: 1, ...(argument !== undefined && { argument }) },
        comments: [commentOf(1)],
        pullRequest: pullRequest(),
        commit: HEAD,
        starts: 0,
        conversation: server.state,
      },
      server.work,
      timeoutMs,
    );
  }

  it('says that no build has started', async () => {
    expect((await ask()).markdown).to.include('No build of this pull request has started yet');
  });

  it('says that the workflow of the comment is gone', async () => {
    const request = { ...identityOf(), commentIds: [1], by: ['ann'], at: '', verb: 'build' as const };
    server.state = {
      approved: [],
      builds: [{ request, state: 'succeeded', rows: [], workflow: { name: 'kfops-old' } }],
    };
    expect((await ask()).markdown).to.include('The workflow `kfops-old` no longer exists');
  });

  it('shows the step that failed, if no name is given, and records the start before it reads', async () => {
    const { pods, name } = has('one-of-five-broken');
    const [label, pod] = [...pods].find(([each]) => each === failedIn('one-of-five-broken'))!;
    server.api.logs.set(pod!, 'first\nlast\n');
    const { kind, markdown } = await ask();
    expect(kind).to.equal('answer');
    expect(markdown)
      .to.include(`\`${label}\` failed. The last 2 lines of its log:`)
      .and.to.include('<details>')
      .and.to.include('```\nfirst\nlast\n```')
      .and.to.include(`kfops logs ${name} ${label}`);
    expect(server.steps).to.deep.equal(['write record']);
  });

  it('shows the only step that runs', async () => {
    const { pods } = has('two-images', (status) => withPhases(status, { 'compile-pipeline': 'Running' }));
    server.api.logs.set(pods.get('compile')!, 'compiling\n');
    expect((await ask()).markdown).to.include('`compile` is running. The last line of its log so far:');
  });

  it('lists the steps where several may be meant', async () => {
    has('two-images');
    const { markdown } = await ask();
    expect(markdown)
      .to.match(/- succeeded: .*`one`/)
      .and.to.include('Name one of them: `/logs one`');
    expect(server.steps).to.deep.equal([]);
  });

  it('shows the step of a name, and suggests one for an unknown name', async () => {
    const { pods, name } = has('two-images');
    server.api.logs.set(pods.get('two_b')!, 'of two_b\n');
    expect((await ask('two_b')).markdown).to.include('of two_b');
    const unknown = await ask('two_a_b');
    expect(unknown.kind).to.equal('refusal');
    expect(unknown.markdown)
      .to.include(`The workflow \`${name}\` has no step \`two_a_b\`.`)
      .and.to.include('Did you mean `two_b`?');
    expect((await ask('xyz')).markdown).to.match(/The steps are `one`, `two_b`/);
  });

  it('says why there is no log: the step waits, or its pod is gone or has not started', async () => {
    const { pods } = has('one-of-five-broken');
    expect((await ask('compile')).markdown).to.include('`compile` has no log: it was not run.');
    expect((await ask()).markdown).to.include('its pod is gone: it was cleaned up, or never started.');
    const failing = pods.get(failedIn('one-of-five-broken'))!;
    server.api.fault({
      answer: { status: 400, reason: 'BadRequest', message: 'container "main" is waiting to start' },
      when: ({ path }) => path.includes(failing),
    });
    expect((await ask()).markdown).to.include('its container has not started.');
  });

  it('shows an empty log as such', async () => {
    const { pods } = has('two-images');
    server.api.logs.set(pods.get('one')!, '\n');
    const { markdown } = await ask('one');
    expect(markdown).to.include('`one` succeeded and printed nothing.').and.not.to.include('<details>');
  });

  it('shows the last 100 lines, and of those as many as fit', async () => {
    const { pods } = has('two-images');
    const numbers = Array.from({ length: 500 }, (_, at) => `line ${at}`);
    server.api.logs.set(pods.get('one')!, numbers.join('\n'));
    const short = (await ask('one')).markdown;
    expect(short).to.include('The last 100 lines').and.to.include('\nline 400\n').and.to.include('line 499');
    expect(short).not.to.include('line 399');
    server.api.logs.set(pods.get('one')!, numbers.map((line) => `${line} ${'x'.repeat(200)}`).join('\n'));
    const long = (await ask('one')).markdown;
    expect(long)
      .to.include('line 499')
      .and.to.match(/The last 5\d lines/);
    // The limit of an answer next to a build with a long table.
    expect(cutMarkdown(long, 12_000)).to.equal(long);
  });

  it('masks secrets before it cuts, also one whose lines are above those that are shown', async () => {
    const { pods } = has('two-images');
    const key = Array.from(
      { length: 30 },
      (_, at) => `MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBK${at}cwggSjAgEAAoIBAQDKj`,
    );
    const lines = ['-----BEGIN PRIVATE KEY-----', ...key, '-----END PRIVATE KEY-----'];
    const rest = Array.from({ length: 80 }, (_, at) => `line ${at}`);
    server.api.logs.set(pods.get('one')!, [...lines, 'password is hunter2hunter2', ...rest].join('\n'));
    const { markdown } = await ask('one');
    expect(markdown).to.include('line 79').and.not.to.include('hunter2hunter2').and.not.to.include('MIIEvQ');
  });

  it('stops a log that takes too long', async () => {
    const { pods } = has('two-images');
    server.api.logs.set(pods.get('one')!, 'never\n');
    server.api.fault({ answer: 'hang', when: ({ path }) => path.endsWith('/log') });
    const error = await ask('one', 50).then(
      () => undefined,
      (failure: unknown) => failure as Error,
    );
    expect(error?.message).to.equal('Reading the log of `one` took longer than 0.05 s and was stopped.');
  });
});

/** The one step that failed in a recorded workflow. */
function failedIn(recording: string): string {
  const failed = stepsOf(workflowResult(recorded(recording))).filter(({ step }) => step.state === 'failed');
  return failed[0]!.label;
}

/** The same status, with other phases of some tasks. */
function withPhases(
  status: NonNullable<ObservedWorkflow['status']>,
  phases: Readonly<Record<string, string>>,
) {
  const nodes = Object.entries(status.nodes ?? {}).map(([id, node]) => {
    const phase = phases[node.displayName];
    return [id, phase === undefined ? node : { ...node, phase, finishedAt: null }];
  });
  return { ...status, phase: 'Running', finishedAt: null, nodes: Object.fromEntries(nodes) as object };
}
