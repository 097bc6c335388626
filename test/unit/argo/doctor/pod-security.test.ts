import { expect } from 'chai';

import type { Check } from '../../../../argo/doctor/doctor.js';
import { checkPodSecurity } from '../../../../argo/doctor/pod-security.js';
import { fakeApi, json } from '../fake-api.js';

const NO_RIGHT =
  'pods is forbidden: User "ann" cannot create resource "pods" in API group "" in the namespace "kfops"';
const VIOLATES =
  'pods "kfops-doctor-x" is forbidden: violates PodSecurity "restricted:latest": runAsUser=0 (container "main" must not set runAsUser=0)';

interface Answers {
  /** Refusal of the pod; absent: it is admitted. */
  readonly refusal?: { readonly code: number; readonly message: string };
  /** Of the namespace; absent: no permission to read it. */
  readonly labels?: Readonly<Record<string, string>>;
}

async function check({
  refusal,
  labels,
}: Answers): Promise<{ check: Check; pods: readonly [string, unknown][] }> {
  const pods: [string, unknown][] = [];
  const api = await fakeApi(({ url = '', method }, response, body) => {
    if (method === 'POST') {
      pods.push([url, JSON.parse(body)]);
      if (refusal) json(response, refusal.code, { kind: 'Status', ...refusal });
      else json(response, 201, {});
    } else if (labels) json(response, 200, { metadata: { labels } });
    else json(response, 403, { message: 'no' });
  });
  try {
    const pod = { namespace: 'kfops', image: 'kaniko:1', serviceAccount: 'default' };
    return { check: await checkPodSecurity(api.client, pod), pods };
  } finally {
    await api.close();
  }
}

describe('argo/doctor/pod-security', () => {
  it('asks with a dry run, for a pod as builds have it', async () => {
    const { check: found, pods } = await check({});
    expect(found).to.deep.equal({
      name: 'Pod security',
      state: 'ok',
      found: 'kfops admits the pods of builds (dry run)',
    });
    const [[url, pod] = ['', undefined]] = pods;
    expect(url).to.equal('/api/v1/namespaces/kfops/pods?dryRun=All');
    expect(pod).to.have.nested.property('spec.containers[0].securityContext.runAsUser', 0);
    expect(pod).to.have.nested.property('metadata.labels').that.deep.equals({ 'kfops.dev/step': 'build' });
  });

  it('finds a level that refuses Kaniko, and says which one builds need', async () => {
    const { check: found } = await check({ refusal: { code: 403, message: VIOLATES } });
    expect(found.state).to.equal('problem');
    expect(found.found).to.include('must not set runAsUser=0');
    expect(found.nextStep).to.include(
      'kubectl label namespace kfops pod-security.kubernetes.io/enforce=baseline --overwrite',
    );
  });

  for (const [level, state] of [
    ['restricted', 'problem'],
    ['baseline', 'ok'],
    ['privileged', 'ok'],
    [undefined, 'ok'],
  ] as const)
    it(`without permission to try it, goes by the label ${level ?? 'that is absent'}: ${state}`, async () => {
      const labels = level === undefined ? {} : { 'pod-security.kubernetes.io/enforce': level };
      const { check: found } = await check({ refusal: { code: 403, message: NO_RIGHT }, labels });
      expect(found.state).to.equal(state);
      expect(found.found).to.include(level ?? 'no level of its own');
    });

  it('is not checked without permission for either', async () => {
    const { check: found } = await check({ refusal: { code: 403, message: NO_RIGHT } });
    expect(found.state).to.equal('unknown');
    expect(found.found).to.include('not checked: no permission');
  });

  it('cannot tell where something else refuses the pod', async () => {
    for (const [code, message] of [
      [403, 'exceeded quota: builds'],
      [400, 'admission webhook "x" does not support dry run'],
    ] as const) {
      const { check: found } = await check({ refusal: { code, message }, labels: {} });
      expect(found.state).to.equal('unknown');
      expect(found.found).to.include(message);
    }
  });
});
