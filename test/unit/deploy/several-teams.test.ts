import { expect } from 'chai';

import { chartSettings } from '../../support/chart-settings.js';
import { helmBinary, renderChart, type Rendered } from '../../support/helm.js';

const rule = (team: string, more: object = {}): object => ({
  repositories: [`${team}/*`, `!${team}/secret`],
  registries: [`registry.example.com/${team}`],
  namespaces: [team],
  pipelines: [`${team}-*`],
  ...more,
});

function values(rules: readonly object[], more: object = {}): object {
  return { settings: chartSettings({ namespace: 'all-builds' }, { rules }), ...more };
}

/** The objects in a namespace, and the namespace itself, with that name replaced. */
function inNamespace(objects: readonly Rendered[], namespace: string): unknown[] {
  const own = objects.filter(
    ({ kind, metadata }) =>
      metadata.namespace === namespace || (kind === 'Namespace' && metadata.name === namespace),
  );
  return JSON.parse(JSON.stringify(own).replaceAll(`"${namespace}"`, '"NAMESPACE"')) as unknown[];
}

function groupsOf(objects: readonly Rendered[], namespace: string): string[] {
  return objects
    .filter(({ kind, metadata }) => kind === 'RoleBinding' && metadata.namespace === namespace)
    .flatMap(({ subjects }) => subjects as readonly { readonly kind: string; readonly name: string }[])
    .flatMap(({ kind, name }) => (kind === 'Group' ? [name] : []));
}

describe('threat 44: the chart, for several teams', function () {
  this.timeout(600_000);
  let helm = '';
  before(function () {
    helm = helmBinary(this);
  });

  it('creates the namespace of a rule as it creates the common one, once', () => {
    const own = { build_namespace: 'a-builds' };
    const builds = { developers: '' };
    const objects = renderChart(helm, values([rule('a', own), rule('b'), rule('a2', own)], { builds }));
    const common = inNamespace(objects, 'all-builds');
    expect(common.map((object) => (object as Rendered).kind)).to.include.members([
      ...['Namespace', 'ServiceAccount', 'Secret', 'Role', 'RoleBinding', 'NetworkPolicy'],
    ]);
    expect(inNamespace(objects, 'a-builds')).to.deep.equal(common);
  });

  it('lets the server into each of them, and no account of one into another', () => {
    const objects = renderChart(helm, values([rule('a', { build_namespace: 'a-builds' })]));
    const bindings = objects.filter(({ kind }) => kind === 'RoleBinding');
    const foreign = bindings.flatMap(({ metadata, subjects }) =>
      (subjects as readonly { readonly name: string; readonly namespace?: string }[])
        .filter(({ namespace }) => namespace !== undefined && namespace !== metadata.namespace)
        .map(({ name, namespace }) => `${namespace ?? ''}/${name} in ${metadata.namespace ?? ''}`),
    );
    expect(foreign.sort()).to.deep.equal([
      'kfops-system/kfops-server in a-builds',
      'kfops-system/kfops-server in all-builds',
      'kfops-system/kfops-server in kubeflow',
    ]);
  });

  it('lets people submit in the namespace of their own team alone', () => {
    const rules = [rule('a', { build_namespace: 'a-builds' }), rule('b', { build_namespace: 'b-builds' })];
    const builds = { developers: 'everybody', developersOf: { 'a-builds': 'team-a' } };
    const objects = renderChart(helm, values(rules, { builds }));
    expect(groupsOf(objects, 'all-builds')).to.deep.equal(['everybody']);
    expect(groupsOf(objects, 'a-builds')).to.deep.equal(['team-a']);
    expect(groupsOf(objects, 'b-builds')).to.deep.equal([]);
  });

  it('does not run builds next to the server', () => {
    expect(() => renderChart(helm, values([rule('a', { build_namespace: 'kfops-system' })]))).to.throw(
      "builds can't run in the namespace of the release, kfops-system",
    );
  });

  it('does not create a namespace of Kubeflow', () => {
    for (const own of ['kubeflow', 'a']) {
      const shared = [rule('a', { build_namespace: own })];
      expect(() => renderChart(helm, values(shared))).to.throw(
        `builds run in "${own}", a namespace of Kubeflow, where the chart would deny the connections of all pods. Set \`builds: {create: false}\``,
      );
      expect(() => renderChart(helm, values(shared, { builds: { create: false } }))).not.to.throw();
    }
  });

  it('creates no namespace where somebody else does', () => {
    const rules = [rule('a', { build_namespace: 'a-builds' })];
    const objects = renderChart(helm, values(rules, { builds: { create: false } }));
    const kinds = objects
      .filter(({ metadata }) => metadata.namespace === 'a-builds')
      .map(({ kind, metadata: { name } }) => `${kind} ${name}`);
    expect(objects.some(({ kind }) => kind === 'Namespace')).to.equal(false);
    expect(kinds).to.include.members(['Role kfops-server', 'RoleBinding kfops-server']);
    expect(kinds).not.to.include('Role kfops-submitter');
    const [deny] = objects.filter(
      ({ metadata: { name, namespace } }) => name === 'default-deny' && namespace === 'a-builds',
    );
    expect(deny?.spec, "other pods aren't denied anything").to.deep.equal({
      podSelector: { matchExpressions: [{ key: 'kfops.dev/step', operator: 'Exists' }] },
      policyTypes: ['Ingress', 'Egress'],
    });
  });
});
