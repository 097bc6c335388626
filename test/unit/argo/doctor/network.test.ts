import { expect } from 'chai';

import type { Check } from '../../../../argo/doctor/doctor.js';
import { checkNetwork, type Need } from '../../../../argo/doctor/network.js';
import { fakeApi, json } from '../fake-api.js';

const STORE: Need = {
  what: 'the object store',
  steps: ['build', 'compile'],
  address: 'seaweedfs.kubeflow.svc.cluster.local:9000',
};
const REGISTRY: Need = { what: 'the registry', steps: ['build'], address: 'registry.example.com:443' };
const SERVICES = '/api/v1/namespaces/kubeflow/services/seaweedfs';
const POLICIES = (namespace: string) => `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`;
const ANY_STEP = { matchExpressions: [{ key: 'kfops.dev/step', operator: 'Exists' }] };

function policy(name: string, namespace: string, spec: object): object {
  return { metadata: { name, namespace }, spec };
}
const DENY = policy('default-deny', 'kfops', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
const BASICS = policy('basics', 'kfops', {
  podSelector: ANY_STEP,
  policyTypes: ['Egress'],
  egress: [
    {
      to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } }],
      ports: [{ port: 53, protocol: 'UDP' }],
    },
    { to: [{ ipBlock: { cidr: '10.0.0.1/32' } }], ports: [{ port: 6443 }] },
  ],
});
const TO_STORE = policy('to-store', 'kfops', {
  podSelector: ANY_STEP,
  policyTypes: ['Egress'],
  egress: [
    {
      to: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: 'seaweedfs' } } }],
      ports: [{ port: 's3' }],
    },
  ],
});
const PROFILES = policy('seaweedfs', 'kubeflow', {
  podSelector: { matchLabels: { app: 'seaweedfs' } },
  policyTypes: ['Ingress'],
  ingress: [
    { from: [{ namespaceSelector: { matchLabels: { 'app.kubernetes.io/part-of': 'kubeflow-profile' } } }] },
  ],
});

/** What a cluster has; a path that is absent is forbidden. */
const CLUSTER: Readonly<Record<string, object>> = {
  '/api/v1/namespaces/kfops': { metadata: { labels: {} } },
  '/api/v1/namespaces/kubeflow': { metadata: { labels: {} } },
  '/api/v1/namespaces/kube-system': { metadata: { labels: {} } },
  [SERVICES]: { spec: { selector: { app: 'seaweedfs' }, ports: [{ port: 9000, targetPort: 8333 }] } },
  '/api/v1/namespaces/kubeflow/pods': {
    items: [
      {
        metadata: { labels: { app: 'seaweedfs' } },
        spec: { containers: [{ ports: [{ name: 's3', containerPort: 8333 }] }] },
      },
    ],
  },
  '/api/v1/namespaces/kube-system/services/kube-dns': {
    spec: { selector: { 'k8s-app': 'kube-dns' }, ports: [{ port: 53, protocol: 'UDP' }] },
  },
  '/api/v1/namespaces/kube-system/pods': { items: [{ metadata: { labels: { 'k8s-app': 'kube-dns' } } }] },
  '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes': {
    endpoints: [{ addresses: ['10.0.0.1'] }],
    ports: [{ port: 6443 }],
  },
};

async function check(
  policies: Readonly<Record<string, readonly object[]>>,
  { needs = [STORE], without = [] as readonly string[], namespace = 'kfops' } = {},
): Promise<readonly Check[]> {
  const lists = Object.entries(policies).map(([name, items]) => [POLICIES(name), { items }]);
  const listed = Object.fromEntries(lists) as Readonly<Record<string, object>>;
  const known: Readonly<Record<string, object>> = { ...CLUSTER, ...listed };
  const api = await fakeApi(({ url = '' }, response) => {
    const path = url.split('?')[0] ?? '';
    const answer = without.includes(path) ? undefined : known[path];
    if (answer) json(response, 200, answer);
    else json(response, 403, { kind: 'Status', code: 403, message: 'no' });
  });
  try {
    return await checkNetwork(api.client, namespace, needs, () =>
      Promise.resolve(['2001:db8::1', '198.51.100.7']),
    );
  } finally {
    await api.close();
  }
}

describe('argo/doctor/network', () => {
  it('is well without policies, and asks for nothing else', async () => {
    expect(await check({ kfops: [], kubeflow: [] })).to.deep.equal([
      { name: 'Network policies', state: 'ok', found: 'none in kfops' },
    ]);
  });

  it('is well where policies allow all that is needed', async () => {
    const [only, ...others] = await check({ kfops: [DENY, BASICS, TO_STORE], kubeflow: [] });
    expect(others).to.deep.equal([]);
    expect(only).to.deep.include({
      state: 'ok',
      found: 'those in kfops let the steps reach what they need: DNS, the Kubernetes API, the object store',
    });
  });

  it('finds each destination that is blocked, with the steps, the policies and the fix', async () => {
    const found = await check({ kfops: [DENY], kubeflow: [] }, { needs: [STORE, REGISTRY] });
    expect(found.map(({ name, state }) => [name, state])).to.deep.equal([
      ['Network: DNS', 'problem'],
      ['Network: the Kubernetes API', 'problem'],
      ['Network: the object store', 'problem'],
      ['Network: the registry', 'problem'],
    ]);
    expect(found[2]?.found).to.equal(
      'no NetworkPolicy in kfops lets the steps build, compile reach seaweedfs.kubeflow.svc.cluster.local:9000, and others restrict that (default-deny)',
    );
    expect(found[2]?.nextStep).to.include('deploy/server/5-network-of-builds.yaml');
  });

  it('compares a registry with its IPv4 address, where it has one', async () => {
    const to = (cidr: string) =>
      policy('registry', 'kfops', {
        podSelector: ANY_STEP,
        policyTypes: ['Egress'],
        egress: [{ to: [{ ipBlock: { cidr } }] }],
      });
    for (const [cidr, count] of [
      ['198.51.100.0/24', 0],
      ['2001:db8::/32', 1],
    ] as const) {
      const found = await check({ kfops: [DENY, BASICS, to(cidr)] }, { needs: [REGISTRY] });
      expect(
        found.filter(({ name }) => name === 'Network: the registry'),
        cidr,
      ).to.have.length(count);
    }
  });

  it('finds that Kubeflow admits its profiles only, with the policy that adds Kfops', async () => {
    const [only, ...others] = await check({ kfops: [], kubeflow: [PROFILES] });
    expect(others).to.deep.equal([]);
    expect(only).to.include({
      name: 'Network: the object store',
      state: 'problem',
      found:
        'no NetworkPolicy in kubeflow admits the steps build, compile of kfops to seaweedfs.kubeflow.svc.cluster.local:9000, and others restrict that (seaweedfs)',
    });
    expect(only?.nextStep).to.include('kubectl apply -f deploy/kubeflow/admit-kfops.yaml');
    const [other] = await check({ builds: [], kubeflow: [PROFILES] }, { namespace: 'builds' });
    expect(other?.state, 'labels of the namespace builds are hidden').to.equal('unknown');
  });

  it('takes the usual labels and port for a Service of Kubeflow that is hidden', async () => {
    const numbered = JSON.parse(JSON.stringify(TO_STORE).replace('"s3"', '8333')) as object;
    const hidden = { without: [SERVICES] };
    const [well] = await check({ kfops: [DENY, BASICS, numbered], kubeflow: [] }, hidden);
    expect(well).to.include({ state: 'ok' });
    const [unsure] = await check({ kfops: [DENY, BASICS, TO_STORE], kubeflow: [] }, hidden);
    expect(unsure?.found, 'names of ports').to.include('cannot tell whether').and.include('to-store');
    const [blocked] = await check({ kfops: [DENY, BASICS], kubeflow: [] }, hidden);
    expect(blocked).to.include({ name: 'Network: the object store', state: 'problem' });
  });

  it('cannot tell where another Service is hidden', async () => {
    const other: Need = { ...STORE, address: 'minio.stores.svc:9000' };
    const found = await check({ kfops: [DENY, BASICS, TO_STORE], stores: [] }, { needs: [other] });
    expect(found).to.have.length(1);
    expect(found[0]).to.include({ name: 'Network: the object store', state: 'unknown' });
  });

  it('takes a hidden API server for one on the usual ports', async () => {
    const api = policy('api', 'kfops', {
      podSelector: ANY_STEP,
      policyTypes: ['Egress'],
      egress: [
        {
          to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.0.0/16'] } }],
          ports: [{ port: 443 }, { port: 6443 }],
        },
      ],
    });
    const without = ['/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes'];
    const some = await check({ kfops: [DENY, BASICS, api] }, { needs: [], without });
    expect(some.map(({ state }) => state)).to.deep.equal(['ok']);
    const [unsure] = await check({ kfops: [DENY, BASICS] }, { needs: [], without });
    expect(unsure).to.include({ name: 'Network: the Kubernetes API', state: 'unknown' });
  });

  it('says which policies it has no permission to see', async () => {
    const found = await check({});
    expect(found).to.have.length(1);
    expect(found[0]).to.include({
      state: 'unknown',
      found: 'not checked: no permission to list those in kfops, kubeflow',
    });
    expect(found[0]?.nextStep).to.include('kubectl get networkpolicy -n kubeflow');
  });
});
