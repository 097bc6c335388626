import { expect } from 'chai';

import { CHART_SETTINGS, chartSettings } from '../../support/chart-settings.js';
import { helmBinary, renderChart } from '../../support/helm.js';

const { images } = CHART_SETTINGS;

describe('what the chart refuses', function () {
  this.timeout(600_000);
  let helm = '';
  before(function () {
    helm = helmBinary(this);
  });
  const render = (values: object): readonly unknown[] => renderChart(helm, values);

  it('a release in a namespace that others use, as it denies all other connections there', () => {
    for (const namespace of ['default', 'kubeflow', 'kube-system']) {
      expect(() => renderChart(helm, { settings: CHART_SETTINGS }, { namespace })).to.throw(
        `its namespace, which is "${namespace}". Install it with \`-n kfops-system\``,
      );
      const network = { policies: false };
      expect(() => renderChart(helm, { settings: CHART_SETTINGS, network }, { namespace })).not.to.throw();
    }
  });

  const withSchedule = (schedule: string): object => ({
    settings: CHART_SETTINGS,
    gc: { enabled: true, schedule },
  });
  for (const [schedule, part] of [
    ['daily', '"daily", which isn\'t five fields. Write minute, hour'],
    ['0 17 3 * * *', "isn't five fields"],
    ['60 3 * * *', '"60" isn\'t valid for the minute. Write a number from 0 to 59'],
    ['0 24 * * *', '"24" isn\'t valid for the hour'],
    ['0 3 0 * *', '"0" isn\'t valid for the day of the month'],
    ['0 3 * 13 *', '"13" isn\'t valid for the month'],
    ['0 3 * foo *', '"foo" isn\'t valid for the month'],
    ['0 3 * * 7', '"7" isn\'t valid for the day of the week. Write a number from 0 to 6'],
    ['0 3 * * fri-mon', '"fri-mon" isn\'t valid for the day of the week'],
    ['0 5-3 * * *', '"5-3" isn\'t valid for the hour'],
    ['*/0 3 * * *', '"*/0" isn\'t valid for the minute'],
    ['1,,2 3 * * *', '"1,,2" isn\'t valid for the minute'],
    ['@reboot', "isn't five fields"],
  ] as const)
    it(`the schedule ${schedule}`, () => {
      expect(() => render(withSchedule(schedule))).to.throw(part);
    });

  it('but no schedule that Argo takes', () => {
    for (const schedule of ['17 3 * * *', '*/15 08-17 1,15 jan-JUN mon,wed', '0/5 ? * 2/3 sun-sat', '@daily'])
      expect(() => render(withSchedule(schedule)), schedule).not.to.throw();
  });

  const withHosts = (more: object, url = 'https://kfops.example.com'): object => ({
    settings: chartSettings({}, { url }),
    ...more,
  });
  const gateway = { enabled: true, parentRefs: [{ name: 'public' }] };
  it('an Ingress or a route for another host than that of server.url', () => {
    expect(() => render(withHosts({ ingress: { enabled: true, host: 'kfops.example.org' } }))).to.throw(
      'ingress.host is "kfops.example.org", but GitHub sends deliveries to https://kfops.example.com',
    );
    expect(() => render(withHosts({ gateway: { ...gateway, host: 'other.example.com' } }))).to.throw(
      'gateway.host is "other.example.com"',
    );
  });

  it('but not for the same host, with a port or in other letters', () => {
    const ingress = { enabled: true, host: 'kfops.example.com' };
    const url = 'https://KFOPS.example.com:8443';
    expect(() =>
      render(withHosts({ ingress, gateway: { ...gateway, host: ingress.host } }, url)),
    ).not.to.throw();
    expect(() => render({ settings: CHART_SETTINGS, ingress })).not.to.throw();
  });

  const needed = [
    'settings.server.repositories is needed, such as [my-team/iris]',
    'settings.server.url is needed, such as https://kfops.example.com',
    'settings.server.github.webhook_secret_files is needed',
    'settings.server.minio.access_key_file is needed',
    'settings.server.minio.secret_key_file is needed',
    'settings.registries is needed',
    'settings.server.namespaces is needed',
  ];
  it('settings without what the server needs, empty sections too: all at once', () => {
    const ingress = { enabled: true, host: 'kfops.example.com' };
    for (const empty of [{}, { server: null, minio: null, registries: null }, { registries: [], server: {} }])
      for (const part of needed)
        expect(() => render({ settings: { images, ...empty }, ingress }), part).to.throw(part);
    for (const part of ['settings.images.registry is needed', ...needed])
      expect(() => render({ settings: {} }), part).to.throw(part);
  });

  it('for the setup, an address that no Ingress serves; then the server takes it', () => {
    const github = { ...CHART_SETTINGS.server.github, token_file: '/etc/kfops/github/token' };
    for (const url of ['http://kfops.example.com', 'https://kfops.example.com/kfops']) {
      expect(() => render({ settings: chartSettings({}, { url }) })).to.throw(`server.url is "${url}"`);
      expect(() => render({ settings: chartSettings({}, { url, github }) })).not.to.throw();
    }
  });

  it('a registry with a scheme, and one where builds could replace the images of Kfops', () => {
    const withRegistries = (registries: readonly string[]): object => ({
      settings: chartSettings({ registries }),
    });
    expect(() => render(withRegistries(['https://ghcr.io/acme']))).to.throw(
      'settings.registries has "https://ghcr.io/acme". Write it without https://',
    );
    for (const registry of ['registry.example.com', images.registry, `${images.registry}/`])
      expect(() => render(withRegistries([registry])), registry).to.throw(
        "builds could replace Kfops' own images in registry.example.com/kfops",
      );
    expect(() => render(withRegistries(['registry.example.com/kfops-team']))).not.to.throw();
    const rule = { repositories: ['a/*'], registries: ['http://a.b'], namespaces: ['a'], pipelines: ['*'] };
    expect(() => render({ settings: chartSettings({}, { rules: [rule] }) })).to.throw(
      'settings.server.rules[0].registries has "http://a.b". Write it without http://',
    );
  });

  it('a group of developers of a namespace in which nothing is built', () => {
    const rule = {
      repositories: ['acme/*'],
      registries: ['registry.example.com/acme'],
      namespaces: ['acme'],
      pipelines: ['*'],
      build_namespace: 'acme-builds',
    };
    const settings = chartSettings({}, { rules: [rule] });
    expect(() => render({ settings, builds: { developersOf: { 'acme-build': 'acme' } } })).to.throw(
      'builds.developersOf names "acme-build", which is no build namespace. The build_namespace of the rules in settings.server.rules: acme-builds',
    );
    expect(() => render({ settings, builds: { create: false, developersOf: { kfops: 'acme' } } })).to.throw(
      'Set builds.developers for it',
    );
    expect(() => render({ settings, builds: { developersOf: { 'acme-builds': 'acme' } } })).not.to.throw();
  });
});
