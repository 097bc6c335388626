import { expect } from 'chai';

import { fakeIo } from '../cli/fake-io.js';
import { ExitCode } from '../../../cli/exit.js';
import { main } from '../../../cli/main.js';
import { ARGO_RELEASES } from '../../support/argo-releases.js';
import { complaints, strictArgoSchema } from '../../support/argo-schema.js';
import { chartSettings } from '../../support/chart-settings.js';
import { helmBinary, renderChart, type Rendered } from '../../support/helm.js';

interface CronWorkflow extends Rendered {
  readonly spec: {
    readonly concurrencyPolicy: string;
    readonly workflowSpec: {
      readonly serviceAccountName: string;
      readonly securityContext: object;
      readonly volumes: readonly object[];
      readonly templates: readonly {
        readonly metadata: object;
        readonly container: {
          readonly image: string;
          readonly command: readonly string[];
          readonly args: readonly string[];
          readonly securityContext: object;
        };
      }[];
    };
  };
}

const SETTINGS = chartSettings({ namespace: 'builds' });

describe('the CronWorkflow of the chart that deletes old objects', () => {
  let objects: readonly Rendered[];
  let cron: CronWorkflow;
  let helm: string;
  before(function () {
    this.timeout(600_000);
    helm = helmBinary(this);
    objects = renderChart(helm, { settings: SETTINGS, gc: { enabled: true, olderThan: '45d' } });
    cron = objects.find(({ kind }) => kind === 'CronWorkflow') as CronWorkflow;
  });

  for (const release of ARGO_RELEASES)
    it(`has only fields that Argo ${release.version} knows`, function () {
      expect(complaints(strictArgoSchema(this, release, 'CronWorkflow'), cron)).to.deep.equal([]);
    });

  it('is off by default', function () {
    const byDefault = renderChart(helm, { settings: SETTINGS });
    expect(byDefault.filter(({ metadata }) => metadata.name.startsWith('kfops-gc'))).to.deep.equal([]);
  });

  it('lists workflows in the namespace of the builds, and has no other right on them', () => {
    const { serviceAccountName } = cron.spec.workflowSpec;
    const role = objects.find(
      ({ kind, metadata }) => kind === 'Role' && metadata.name === serviceAccountName,
    );
    expect(role?.metadata.namespace).to.equal('builds');
    expect(role?.rules).to.deep.equal([
      { apiGroups: ['argoproj.io'], resources: ['workflows'], verbs: ['list'] },
      { apiGroups: ['argoproj.io'], resources: ['workflowtaskresults'], verbs: ['create', 'patch'] },
    ]);
  });

  it('lists workflows in the build namespaces of rules, too', () => {
    const rule = {
      repositories: ['acme/secret'],
      registries: ['registry.example.com/secret'],
      namespaces: ['secret'],
      pipelines: ['*'],
      build_namespace: 'secret-builds',
    };
    const all = renderChart(helm, {
      settings: chartSettings({ namespace: 'builds' }, { rules: [rule] }),
      gc: { enabled: true },
    });
    const role = all.find(
      ({ kind, metadata }) =>
        kind === 'Role' && metadata.name === 'kfops-gc' && metadata.namespace === 'secret-builds',
    );
    expect(role?.rules).to.deep.equal([
      { apiGroups: ['argoproj.io'], resources: ['workflows'], verbs: ['list'] },
    ]);
  });

  it('keeps to the PodSecurity level restricted', () => {
    const { securityContext, templates } = cron.spec.workflowSpec;
    expect(securityContext).to.deep.include({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(templates[0]?.container.securityContext).to.deep.include({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    });
  });

  it('has the label by which the policies admit it to the store and the Kubernetes API', () => {
    const policy = objects.find(
      ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'kfops-steps',
    );
    expect(policy?.spec).to.deep.include({
      podSelector: { matchExpressions: [{ key: 'kfops.dev/step', operator: 'Exists' }] },
    });
    expect(cron.spec.workflowSpec.templates[0]?.metadata).to.deep.equal({
      labels: { 'kfops.dev/step': 'gc' },
    });
  });

  it('never runs twice at a time', () => {
    expect(cron.spec.concurrencyPolicy).to.equal('Forbid');
  });

  it('calls kfops as it understands it', async () => {
    const { command, args } = cron.spec.workflowSpec.templates[0]!.container;
    expect(command).to.deep.equal(['kfops']);
    expect(args).to.include.members(['--delete', '--older-than=45d']);
    const io = fakeIo();
    // The settings are the first that it misses.
    expect(await main(args, io)).to.equal(ExitCode.Usage);
    expect(io.err()).to.include('`/etc/kfops/settings/settings.yaml` does not exist');
  });
});
