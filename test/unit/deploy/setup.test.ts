import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';

import { CHART_SETTINGS, chartSettings } from '../../support/chart-settings.js';
import { helmBinary, renderChart } from '../../support/helm.js';

const CHART = fileURLToPath(new URL('../../../deploy/chart', import.meta.url));

const values = (github: object, more: object = {}): object => ({
  settings: chartSettings({}, { github: { ...CHART_SETTINGS.server.github, ...github } }),
  ...more,
});

describe('the chart, before the GitHub App exists and after', function () {
  this.timeout(600_000);
  let helm = '';
  before(function () {
    helm = helmBinary(this);
  });

  function server(github: object): readonly unknown[] {
    const objects = renderChart(helm, values(github, { replicas: 3 }));
    return ['Deployment', 'Service'].map((wanted) => objects.find(({ kind }) => kind === wanted)?.spec);
  }

  it('one replica, which gets requests though it is not ready', () => {
    const [deployment, service] = server({});
    expect(deployment).to.include({ replicas: 1 });
    expect(service).to.include({ publishNotReadyAddresses: true });
  });

  it('as many replicas as wanted with an App or a token, once they are ready', () => {
    for (const github of [{ app: { id: 1, private_key_file: '/key' } }, { token_file: '/token' }]) {
      const [deployment, service] = server(github);
      expect(deployment).to.include({ replicas: 3 });
      expect(service).to.include({ publishNotReadyAddresses: false });
    }
  });

  describe('the notes', () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'kfops-notes-'));
    });
    afterEach(() => {
      rmSync(folder, { recursive: true });
    });

    /** `helm template` renders no NOTES.txt, so a ConfigMap in a copy of the chart has the text. */
    function notes(given: object): unknown {
      cpSync(CHART, folder, { recursive: true });
      const text = readFileSync(join(CHART, 'templates/NOTES.txt'), 'utf8');
      writeFileSync(join(folder, 'templates/_notes.tpl'), `{{ define "notes" }}${text}{{ end }}`);
      const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'notes' } };
      const body = `${JSON.stringify(object).slice(0, -1)}, "data": {"text": {{ include "notes" . | quote }}}}`;
      writeFileSync(join(folder, 'templates/notes.yaml'), body);
      const objects = renderChart(helm, given, { chart: folder });
      const found = objects.find(({ metadata }) => metadata.name === 'notes') as unknown;
      return (found as { readonly data: { readonly text: string } }).data.text;
    }

    it('say how to create the App, and only then how to check the server', () => {
      expect(notes(values({})))
        .to.include('kubectl logs deployment/kfops-server')
        .and.not.to.include('doctor');
      expect(notes(values({ token_file: '/token' })))
        .to.include('kfops doctor')
        .and.not.to.include('kubectl logs');
    });

    it('say that an Ingress names no certificate', () => {
      const ingress = { enabled: true, host: 'kfops.example.com' };
      expect(notes(values({}, { ingress }))).to.include('Set ingress.tlsSecret');
      expect(notes(values({}, { ingress: { ...ingress, tlsSecret: 'tls' } }))).not.to.include('tlsSecret');
    });
  });
});
