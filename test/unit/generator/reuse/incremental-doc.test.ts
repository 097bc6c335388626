import { readFile } from 'node:fs/promises';

import { expect } from 'chai';
import { parseAllDocuments } from 'yaml';

import type { BuildReason, ImageDecision } from '../../../../generator/reuse/decision.js';
import { decisionText } from '../../../../generator/reuse/reason-text.js';
import { parseSettings } from '../../../../schema/index.js';

const PAGE = new URL('../../../../docs/incremental.md', import.meta.url);
const SUBMITTER = new URL('../../../../deploy/build-namespace/2-submitter.yaml', import.meta.url);

/** One of each kind: a new one must be added here, and to the page. */
const REASONS: { readonly [K in BuildReason['kind']]: Extract<BuildReason, { kind: K }> } = {
  forced: { kind: 'forced' },
  absent: { kind: 'absent' },
  files: { kind: 'files', files: ['requirements.txt', 'train.py'] },
  option: { kind: 'option', option: 'build argument VERSION' },
  'base-moved': { kind: 'base-moved', base: 'python:3.11-slim' },
  'base-built': { kind: 'base-built', image: 'base' },
  'base-rebuilt': { kind: 'base-rebuilt', image: 'base' },
  'base-unknown': { kind: 'base-unknown', base: 'python:3.11-slim', why: '…' },
  registry: { kind: 'registry', why: '…' },
  label: { kind: 'label' },
  'no-label': { kind: 'no-label' },
  age: { kind: 'age', rebuildAfter: 7 * 86_400 },
  'age-unknown': { kind: 'age-unknown' },
  'not-asked': { kind: 'not-asked' },
};

describe('docs/incremental.md', () => {
  let page: string;
  before(async () => {
    page = await readFile(PAGE, 'utf8');
  });

  it('has a row for each reason, as it is printed', () => {
    const decisions: ImageDecision[] = [
      ...Object.values(REASONS).map((reason) => ({ action: 'build', reason }) as const),
      { action: 'reuse', digest: 'sha256:1', revision: `abc1234${'0'.repeat(33)}` },
      { action: 'reuse', digest: 'sha256:1' },
    ];
    for (const decision of decisions) {
      expect(page).to.include(`| \`${decisionText(decision, { why: true })}\` |`);
    }
  });

  it('has a nightly build with valid settings and an account that can submit', async () => {
    const [, yaml = ''] = /```yaml\n([^`]*kind: CronJob[^`]*)```/.exec(page) ?? [];
    const [settings, job] = parseAllDocuments(yaml).map((document) => {
      expect(document.errors).to.deep.equal([]);
      return document.toJS() as { data: Record<string, string>; spec: unknown };
    });
    const { value, warnings } = parseSettings(settings?.data['settings.yaml'] ?? '', {
      file: 'settings.yaml',
    });
    expect(warnings).to.deep.equal([]);
    expect(value.registry.credentials_file).to.equal('/etc/kfops/registry/.dockerconfigjson');
    expect(job).to.have.nested.property(
      'spec.jobTemplate.spec.template.spec.serviceAccountName',
      'kfops-submitter',
    );
    expect(await readFile(SUBMITTER, 'utf8')).to.include("name: kfops-submitter, namespace: 'kfops'");
  });
});
