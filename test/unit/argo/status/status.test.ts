import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

import { expect } from 'chai';
import fc from 'fast-check';

import type { ObservedWorkflow, WorkflowNode } from '../../../../argo/status/observed.js';
import { goneResult, workflowResult } from '../../../../argo/status/status.js';
import type { WorkflowResult } from '../../../../generator/results/result.js';

interface Recording {
  readonly workflow: ObservedWorkflow;
  readonly logs: Readonly<Record<string, string>>;
}

/** Recorded from real runs by test/cluster with KFOPS_RECORD=1. */
function recording(name: string): Recording {
  return JSON.parse(
    readFileSync(new URL(`../../../fixtures/argo/${name}.json`, import.meta.url), 'utf8'),
  ) as Recording;
}

function resultOf(name: string): WorkflowResult {
  const { workflow, logs } = recording(name);
  return workflowResult(workflow, new Map(Object.entries(logs)));
}

/** A workflow whose main DAG is done again: what it did is the first attempt, `second` the next one with its nodes. */
function againAs(
  workflow: ObservedWorkflow,
  second: Partial<WorkflowNode>,
  nodes: readonly WorkflowNode[] = [],
): ObservedWorkflow {
  const { name } = workflow.metadata;
  const attempts = [workflow.status!.nodes!, Object.fromEntries(nodes.map((node) => [node.id, node]))];
  const all = attempts.flatMap((each, at) => {
    const rename = (id: string): string => `${id}(${at})`;
    return Object.values(each).map((node) => ({
      ...node,
      id: rename(node.id),
      displayName: node.id === name ? rename(name) : node.displayName,
      ...(node.boundaryID !== undefined && { boundaryID: rename(node.boundaryID) }),
      ...(node.children && { children: node.children.map(rename) }),
    }));
  });
  const dag = all.find(({ id }) => id === `${name}(0)`)!;
  const again = { ...dag, ...all.find(({ id }) => id === `${name}(1)`), ...second, id: `${name}(1)` };
  const retry = { ...dag, id: name, displayName: name, type: 'Retry', children: [dag.id, again.id] };
  const byId = Object.fromEntries([...all, again, retry].map((node) => [node.id, node]));
  return { ...workflow, status: { ...workflow.status, phase: again.phase!, nodes: byId } };
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;

describe('argo/status', () => {
  it('reads a workflow that succeeded', () => {
    const result = resultOf('two-images');
    expect(result.phase).to.equal('succeeded');
    expect(result.images.map(({ name, state, attempts }) => ({ name, state, attempts }))).to.deep.equal([
      { name: 'one', state: 'succeeded', attempts: 1 },
      { name: 'two_b', state: 'succeeded', attempts: 1 },
    ]);
    for (const image of result.images) expect(image.digest).to.match(DIGEST);
    expect(result.compile).to.include({ state: 'succeeded' });
    expect(result.compile!.startedAt!.getTime()).to.be.least(result.images[0]!.finishedAt!.getTime());
    expect(result).to.not.have.any.keys('run', 'problem');
  });

  it('reads one that was terminated while it waited for its lock as stopped: Argo calls it succeeded', () => {
    const { workflow } = recording('two-images');
    const spec = { ...workflow.spec, shutdown: 'Terminate' };
    const result = workflowResult({ ...workflow, spec, status: { ...workflow.status, nodes: {} } });
    expect(result).to.include({ phase: 'stopped', problem: 'it was stopped (Terminate)' });
    expect(workflowResult({ ...workflow, spec }).phase).to.equal('succeeded');
  });

  it('says that a workflow is stopping until it has ended', () => {
    const { workflow } = recording('two-images');
    const running = { ...workflow, status: { ...workflow.status, phase: 'Running' } } as ObservedWorkflow;
    expect(workflowResult(running)).to.not.have.property('stopping');
    const stopping = { ...running, spec: { ...running.spec, shutdown: 'Stop' } };
    expect(workflowResult(stopping)).to.include({ phase: 'running', stopping: true });
    expect(workflowResult({ ...workflow, spec: stopping.spec })).to.not.have.property('stopping');
  });

  it('reads a workflow without images', () => {
    expect(resultOf('no-images')).to.deep.include({ phase: 'succeeded', images: [] });
  });

  it('lists the digests of the siblings of a broken image, and the one reason', () => {
    const result = resultOf('one-of-five-broken');
    expect(result.phase).to.equal('failed');
    expect(result.images.filter(({ digest }) => digest !== undefined).map(({ name }) => name)).to.deep.equal([
      'one',
      'two',
      'four',
      'five',
    ]);
    expect(result.images.find(({ name }) => name === 'three')!.failure).to.include({
      kind: 'dockerfile_step',
      reason: 'RUN echo no such tool >&2; exit 7 failed (exit status 7)',
    });
    expect(result.compile).to.include({ state: 'omitted' });
    expect(result, 'the image tells it').to.not.have.property('problem');
  });

  it('tells the failures apart', () => {
    const failures = resultOf('broken-in-every-way').images.map(({ name, failure }) => [
      name,
      failure!.kind,
      failure!.reason,
    ]);
    expect(failures).to.deep.equal([
      ['missing_file', 'file_missing', 'nothing.txt is not in the build context'],
      [
        'no_base',
        'base_image',
        'cannot pull a base image: GET http://registry.example:5000/v2/library/nothing/manifests/1: MANIFEST_UNKNOWN: manifest unknown; map[Tag:1]',
      ],
      [
        'no_dockerfile_syntax',
        'dockerfile',
        'error building image: parsing dockerfile: dockerfile parse error on line 2: unknown instruction: RAN (did you mean RUN?)',
      ],
      ['no_memory', 'out_of_memory', 'the build exceeded its memory limit (100Mi)'],
      ['no_time', 'deadline', 'it exceeded its time limit (15 s)'],
      ['forged', 'digest', 'the build reported something that is no image digest'],
    ]);
    expect(resultOf('context-missing').images[0]!.failure).to.include({ kind: 'context_missing' });
  });

  it('tells a registry that refuses by its answer', () => {
    const reasons = resultOf('push-refused').images.map(({ failure }) => [failure!.kind, failure!.reason]);
    expect(reasons).to.deep.equal([
      ['push_refused', 'the registry did not accept the credentials (401)'],
      ['push_refused', 'the registry does not let these credentials push there (403)'],
      ['push_refused', 'the registry failed during the push (503)'],
    ]);
    expect(resultOf('out-of-disk').images[0]!.failure).to.include({ kind: 'out_of_disk' });
  });

  it('counts the attempts, and takes the last one', () => {
    const result = resultOf('evicted');
    expect(result.phase).to.equal('succeeded');
    expect(result.images[0]).to.include({ state: 'succeeded', attempts: 2 });
  });

  it('takes the last attempt of a DAG that was done again, and nothing of those before', () => {
    const { workflow } = recording('two-images');
    const before = againAs(workflow, { phase: 'Running', children: [] });
    // A first attempt in which all succeeded, and a second one in which the builds have not begun.
    expect(workflowResult(workflow).images.map(({ state }) => state)).to.deep.equal([
      'succeeded',
      'succeeded',
    ]);
    expect(workflowResult(before).images.map(({ state, digest }) => [state, digest])).to.deep.equal([
      ['pending', undefined],
      ['pending', undefined],
    ]);

    const nodes = Object.values(workflow.status!.nodes!);
    const failed = nodes.map((node) =>
      node.displayName.startsWith('build-one') ? { ...node, phase: 'Failed', outputs: {} } : node,
    );
    const { images } = workflowResult(againAs(workflow, { phase: 'Failed' }, failed));
    expect(images.map(({ state, attempts }) => [state, attempts])).to.deep.equal([
      ['failed', 1],
      ['succeeded', 1],
    ]);
    expect(images[0]).to.not.have.property('digest');
  });

  it('reads a DAG that Argo did again, and one that it began again while it was stopped', () => {
    const again = recording('dag-attempts').workflow;
    const good = Object.values(again.status!.nodes!).filter(
      ({ displayName }) => displayName === 'build-good',
    );
    const digests = good.map(({ outputs }) => outputs!.parameters![0]!.value);
    expect(new Set(digests).size, 'each attempt pushed another image').to.equal(3);
    const { images } = workflowResult(again);
    const last = Object.values(again.status!.nodes!).find(({ name }) => name.endsWith('(2).build-good'))!;
    expect(images[0]).to.include({ state: 'succeeded', digest: last.outputs!.parameters![0]!.value });
    expect(images[1]).to.include({ state: 'failed', attempts: 1 });

    const stopped = resultOf('stopped-dag');
    expect(stopped.phase).to.equal('stopped');
    expect(stopped.images.map(({ state }) => state)).to.deep.equal(['succeeded', 'stopped']);
    expect(stopped.images[0]!.digest).to.match(DIGEST);
  });

  it('tells attempts from what hooks add to them', () => {
    const { workflow } = recording('evicted');
    const nodes = { ...workflow.status!.nodes };
    const retry = Object.values(nodes).find(({ type }) => type === 'Retry')!;
    const last = nodes[retry.children!.at(-1)!]!;
    nodes.hook = { ...last, id: 'hook', phase: 'Failed', nodeFlag: { hooked: true }, outputs: {} };
    nodes[retry.id] = { ...retry, children: [...retry.children!, 'hook'] };
    const result = workflowResult({ ...workflow, status: { ...workflow.status, nodes } });
    expect(result.images[0]).to.include({
      state: 'succeeded',
      attempts: 2,
      pod: resultOf('evicted').images[0]!.pod,
    });
  });

  it('says what a build waits for', () => {
    expect(resultOf('kaniko-image-missing').images[0]).to.deep.include({ state: 'pending' });
    expect(resultOf('kaniko-image-missing').images[0]!.waiting).to.include({ kind: 'image_pull' });
    expect(resultOf('unschedulable').images[0]!.waiting).to.include({ kind: 'unschedulable' });
  });

  it('says what a run of the pipeline waits for, as its step has logged it last', () => {
    const { workflow } = recording('sklearn-iris-run');
    const nodes = Object.fromEntries(
      Object.entries(workflow.status!.nodes!).map(([id, node]) => [
        id,
        node.templateName === 'run-pipeline' ? { ...node, phase: 'Running', outputs: {} } : node,
      ]),
    );
    const running = { ...workflow, status: { ...workflow.status, phase: 'Running', nodes } };
    const told = (log: string): unknown =>
      workflowResult(running, new Map([['run-pipeline', log]])).run!.waiting;
    expect(told("RUNNING\nwaiting: root-driver can't start; see why: kubectl get events\n")).to.deep.equal({
      kind: 'unschedulable',
      reason: "root-driver can't start",
      nextStep: 'see why: kubectl get events',
    });
    expect(told("waiting: root-driver can't start; see why\nthe run continues")).to.equal(undefined);
    expect(told('RUNNING')).to.equal(undefined);
  });

  it('reads a workflow that was stopped', () => {
    const result = resultOf('stopped');
    expect(result.phase).to.equal('stopped');
    expect(result.images[0]).to.include({ state: 'stopped' });
  });

  it('lets nothing run in a workflow that has ended: Argo may leave the node above the attempts as it was', () => {
    const { workflow } = recording('stopped');
    const nodes = Object.values(workflow.status!.nodes!);
    const attempts = nodes.find(({ type }) => type === 'Retry')!;
    Object.assign(attempts, { phase: 'Running', finishedAt: null });
    const image = workflowResult(workflow).images[0]!;
    expect(image).to.include({ state: 'stopped' });
    expect(image.finishedAt).to.be.instanceOf(Date);

    Object.assign(
      nodes.find(({ type }) => type === 'Pod')!,
      { phase: 'Running' },
    );
    expect(workflowResult(workflow).images[0]).to.include({ state: 'stopped' });
  });

  it('reads compressed nodes, and says when they are kept elsewhere', () => {
    const { workflow, logs } = recording('one-of-five-broken');
    const { nodes, ...status } = workflow.status!;
    const compressed = { ...status, compressedNodes: gzipSync(JSON.stringify(nodes)).toString('base64') };
    expect(workflowResult({ ...workflow, status: compressed }, new Map(Object.entries(logs)))).to.deep.equal(
      resultOf('one-of-five-broken'),
    );

    const offloaded = workflowResult({
      ...workflow,
      status: { ...status, offloadNodeStatusVersion: 'fnv:1' },
    });
    expect(offloaded).to.include({ phase: 'unknown' });
    expect(offloaded.problem).to.contain('database');
  });

  it('never takes a workflow that is gone for a success', () => {
    expect(goneResult('x', undefined)).to.include({ name: 'x', phase: 'unknown' });
    expect(goneResult('x', recording('two-images').workflow)).to.include({ phase: 'unknown' });
  });

  it('takes a workflow that the controller refused for what it is', () => {
    const { workflow } = recording('two-images');
    const result = workflowResult({
      ...workflow,
      status: { phase: 'Error', message: 'invalid spec: templates.main' },
    });
    expect(result).to.include({ phase: 'failed', problem: 'invalid spec: templates.main' });
  });

  it('threat 32b: holds any text that is no digest for a failure', () => {
    const { workflow } = recording('two-images');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc
            .tuple(fc.constantFrom('', 'x', '\n', ' '), fc.constantFrom('x', '\n', ' ', '{{=1}}'))
            .map(([before, after]) => `${before}sha256:${'a'.repeat(64)}${after}`),
          fc.constantFrom(
            ...['x', ' ', '\n', '{{=1}}\n'].map((before) => `${before}sha256:${'a'.repeat(64)}`),
          ),
          fc
            .string({ unit: fc.constantFrom('0', '9', 'a', 'f'), maxLength: 70 })
            .map((hex) => `sha256:${hex}`),
        ),
        (text) => {
          fc.pre(!DIGEST.test(text));
          const forged = Object.fromEntries(
            Object.entries(workflow.status!.nodes!).map(([id, node]): [string, WorkflowNode] => [
              id,
              node.displayName.startsWith('build-one')
                ? { ...node, outputs: { parameters: [{ name: 'digest', value: text }] } }
                : node,
            ]),
          );
          const result = workflowResult({ ...workflow, status: { ...workflow.status, nodes: forged } });
          expect(result.phase).to.equal('failed');
          expect(result.images[0]).to.include({ state: 'failed' }).and.not.have.property('digest');
        },
      ),
    );
  });

  it('gives a result for a workflow in any state of its life', () => {
    const { workflow } = recording('one-of-five-broken');
    const nodes = Object.entries(workflow.status!.nodes!);
    const phases = ['Pending', 'Running', 'Succeeded', 'Failed', 'Error', 'Omitted', 'Skipped'];
    fc.assert(
      fc.property(
        fc.subarray(nodes),
        fc.constantFrom(undefined, 'Pending', 'Running', 'Succeeded', 'Failed', 'Error'),
        fc.array(fc.constantFrom(...phases), { minLength: nodes.length, maxLength: nodes.length }),
        (some, phase, of) => {
          const status = {
            ...(phase !== undefined && { phase }),
            nodes: Object.fromEntries(some.map(([id, node], i) => [id, { ...node, phase: of[i]! }])),
          };
          const result = workflowResult({ ...workflow, status });
          expect(result.images).to.have.length(5);
          if (result.phase === 'succeeded') {
            expect(result.images.every(({ digest }) => digest !== undefined)).to.equal(true);
          }
        },
      ),
    );
  });
});
