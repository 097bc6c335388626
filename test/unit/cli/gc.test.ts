import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { ExitCode } from '../../../cli/exit.js';
import { main } from '../../../cli/main.js';
import { startKubernetes, type KubernetesStandIn } from '../../fixtures/kubernetes.js';
import { S3Server } from '../../fixtures/s3-server.js';
import { fakeIo } from './fake-io.js';

const BUCKET = 'image-build-artifacts';
const [LIVE, GONE] = ['0b1e4a66-5f0b-4a34-9f0e-7f1f0a3e9c11', '2c9d7c0a-3f39-4c28-8a53-94b7f8b6d001'];
const context = (digit: string) => `ctx/${digit.repeat(64)}.tar.gz`;
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

/** Each object and its age in days. */
const OBJECTS: Readonly<Record<string, number>> = {
  [context('a')]: 90,
  [context('b')]: 40,
  [context('c')]: 20,
  [context('d')]: 1,
  [context('e')]: 90,
  [`runs/${LIVE}/compiled.yaml`]: 90,
  [`runs/${GONE}/compiled.yaml`]: 90,
  'ctx/README': 90,
  'models/x.bin': 90,
};

describe('kfops gc', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kfops-gc-'));
  let store: S3Server;
  let kubernetes: KubernetesStandIn;
  before(async () => {
    [store, kubernetes] = await Promise.all([S3Server.start(), startKubernetes()]);
    writeFileSync(join(folder, 'kubeconfig'), kubernetes.kubeconfig, { mode: 0o600 });
    writeFileSync(join(folder, 'settings.yaml'), `minio: {endpoint: '${store.endpoint}'}\n`);
    const workflow = (uid: string, key: string) => ({
      metadata: { name: uid, uid },
      spec: { arguments: { parameters: [{ name: 'key', value: key }] } },
    });
    kubernetes.collection('workflows', 'kfops').replace(workflow(LIVE, 'b'.repeat(64)));
    kubernetes.collection('workflows', 'other').replace(workflow('u-other', 'e'.repeat(64)));
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await Promise.all([store.stop(), kubernetes.close()]);
  });
  beforeEach(() => {
    store.reset();
    store.buckets.set(BUCKET, new Map(Object.keys(OBJECTS).map((key) => [key, Buffer.from('content')])));
    for (const [key, days] of Object.entries(OBJECTS)) store.modified.set(`${BUCKET}/${key}`, daysAgo(days));
  });

  async function gc(...args: string[]) {
    const io = {
      ...fakeIo({ cwd: folder }),
      env: { KFOPS_MINIO_ACCESS_KEY: store.accessKey, KFOPS_MINIO_SECRET_KEY: store.secretKey },
    };
    const files = ['--settings', 'settings.yaml', '--kubeconfig', 'kubeconfig'];
    const code = await main(['gc', ...files, ...args], io);
    return { code, out: io.out(), err: io.err() };
  }

  const gone = () => Object.keys(OBJECTS).filter((key) => !store.buckets.get(BUCKET)?.has(key));

  it('prints what it would delete, and deletes nothing', async () => {
    const { code, out, err } = await gc('-n', 'other');
    expect(code, err).to.equal(ExitCode.Done);
    const day = daysAgo(90).toISOString().slice(0, 10);
    expect(out.replace(/ +/g, ' ').split('\n').slice(0, 4)).to.deep.equal([
      'Unused, stored more than 30 days ago:',
      ` contexts 1 object 7 B oldest ${day}`,
      ` pipelines 1 object 7 B oldest ${day}`,
      'Kept:',
    ]);
    expect(out).to.include('Nothing was deleted. Add --delete');
    expect(gone()).to.deep.equal([]);
    expect(store.requests.every(({ method }) => method === 'GET' || method === 'HEAD')).to.equal(true);
  });

  it('deletes with --delete what is old and used by no workflow of the namespaces', async () => {
    const { code, out, err } = await gc('-n', 'other', '--delete');
    expect(code, err).to.equal(ExitCode.Done);
    expect(gone()).to.deep.equal([context('a'), `runs/${GONE}/compiled.yaml`]);
    expect(out).to.include('Deleted 2 objects.');
  });

  it('keeps what workflows in the build namespaces of rules use', async () => {
    const rule = 'repositories: [acme/secret], registries: [ghcr.io/s], namespaces: [s], pipelines: [s]';
    writeFileSync(
      join(folder, 'rules.yaml'),
      `minio: {endpoint: '${store.endpoint}'}\nserver: {rules: [{${rule}, build_namespace: other}]}\n`,
    );
    const { code, err } = await gc('--settings', 'rules.yaml', '--delete');
    expect(code, err).to.equal(ExitCode.Done);
    expect(gone()).to.include(context('a')).and.not.include(context('e'));
  });

  it('prints JSON, and counts the age in days', async () => {
    const { out } = await gc('--json', '--delete', '--older-than', '14d');
    expect(gone()).to.have.members([context('a'), context('c'), context('e'), `runs/${GONE}/compiled.yaml`]);
    const { contexts, oldest, ...rest } = JSON.parse(out) as Record<string, Record<string, object>>;
    expect(oldest).to.equal(undefined);
    expect(contexts?.unused).to.deep.include({ objects: 3, bytes: 21 });
    expect(contexts?.kept).to.deep.include({ objects: 2, bytes: 14 });
    expect(rest).to.deep.include({ deleted: 4, dryRun: false, olderThanDays: 14, namespaces: ['kfops'] });
  });

  it('deletes nothing if the workflows of one namespace cannot be listed', async () => {
    kubernetes.fault({ when: ({ path }) => path.includes('/other/'), answer: { status: 403 } });
    const { code, err } = await gc('-n', 'other', '--delete');
    expect(code).to.equal(ExitCode.Unavailable);
    expect(err).to.include('other');
    expect(gone()).to.deep.equal([]);
  });

  it('keeps an object that a build stores again meanwhile', async () => {
    const stop = kubernetes.onRequest(() => store.modified.delete(`${BUCKET}/${context('a')}`));
    await gc('--delete');
    stop();
    expect(gone()).to.include(`runs/${GONE}/compiled.yaml`).and.not.include(context('a'));
  });

  for (const [value, why] of [
    ['13d', 'The least age is 14d'],
    ['30', 'whole number of days'],
    ['2w', 'whole number of days'],
  ] as const)
    it(`refuses --older-than ${value}`, async () => {
      const { code, err } = await gc('--older-than', value);
      expect(code).to.equal(ExitCode.Usage);
      expect(err).to.include(why);
    });
});
