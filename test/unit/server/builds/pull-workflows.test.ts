import { expect } from 'chai';

import { KubernetesError } from '../../../../argo/client/errors.js';
import { allWorkflows, ownWorkflows } from '../../../../server/builds/pull-workflows.js';
import { startKubernetes, type KubernetesStandIn } from '../../../fixtures/kubernetes.js';
import { serverWorkflow } from '../../../support/argo-status.js';

const REF = { repository: { id: 7, owner: 'acme', name: 'churn' }, number: 17 };
const { signal } = new AbortController();

describe('server/builds/pull-workflows', () => {
  let api: KubernetesStandIn;
  beforeEach(async () => {
    api = await startKubernetes(2_000);
  });
  afterEach(() => api.close());

  /** Makes a workflow of this second after 2026 began. */
  function make(namespace: string, name: string, second: number, of: object = {}): void {
    const made = serverWorkflow(name, of);
    const creationTimestamp = new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
    api
      .collection('workflows', namespace)
      .create({ ...made, metadata: { ...made.metadata, creationTimestamp } });
  }

  /** The API server refuses lists of a namespace with this status. */
  function refuse(namespace: string, status: number): void {
    api.fault({ when: ({ path }) => path.includes(`/namespaces/${namespace}/`), answer: { status } });
  }

  /** Builds run in `own`. */
  const context = () => ({
    cluster: { client: api.client, namespaces: ['kfops', 'own', 'team'] as const, namespaceOf: () => 'own' },
  });

  /** `namespace/name` of each. */
  async function all(): Promise<readonly string[]> {
    const found = await allWorkflows(context(), REF, { signal });
    return found.map(({ namespace, name }) => `${namespace}/${name}`);
  }

  it('are those of all namespaces of builds, the latest first', async () => {
    make('own', 'a', 1);
    make('team', 'b', 3);
    make('kfops', 'c', 2);
    make('unrelated', 'd', 4);
    make('own', 'other-number', 5, { pullRequest: 18 });
    make('team', 'other-repository', 6, { repositoryId: 8 });
    expect(await all()).to.deep.equal(['team/b', 'kfops/c', 'own/a']);
    const own = await ownWorkflows(context(), REF, { signal });
    expect(own.map(({ name }) => name)).to.deep.equal(['a']);
  });

  it('are all of them where a list has several pages', async () => {
    const count = 501;
    for (let i = 0; i < count; i++) make('team', `w-${i}`, 0);
    make('own', 'latest', 1);
    const found = await all();
    expect(found[0]).to.equal('own/latest');
    expect(new Set(found)).to.have.length(count + 1);
    const pages = api.requests.filter(({ path }) => path.includes('/namespaces/team/'));
    expect(pages.map(({ query }) => query.has('continue'))).to.deep.equal([false, true]);
  });

  it('lack those of another namespace that is forbidden', async () => {
    make('own', 'a', 1);
    make('team', 'b', 2);
    refuse('team', 403);
    expect(await all()).to.deep.equal(['own/a']);
  });

  it('lack those of another namespace that is gone, for which the API server has an empty list', async () => {
    make('own', 'a', 1);
    make('kfops', 'c', 2);
    expect(await all()).to.deep.equal(['kfops/c', 'own/a']);
  });

  for (const [what, namespace, status] of [
    ["the repository's own namespace is forbidden", 'own', 403],
    ['another namespace cannot be listed for a reason that is no missing right', 'team', 404],
  ] as const)
    it(`are unknown where ${what}`, async () => {
      make('own', 'a', 1);
      refuse(namespace, status);
      const error = await all().catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(KubernetesError).with.property('status', status);
    });
});
