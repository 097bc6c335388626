import { expect } from 'chai';

import { workflowRunner } from '../../argo/workflows/runner.js';
import { stopWorkflow } from '../../argo/workflows/stop.js';
import type { FailureKind } from '../../generator/results/result.js';
import { run } from '../../generator/run.js';
import { build, client, finish, submit, testSettings, uniqueName, until } from './support/build.js';
import { environment, NAMESPACE } from './support/environment.js';
import { BUSYBOX, project, removeFolders } from './support/project.js';
import { record } from './support/record.js';
import { digestOf } from './support/registry.js';

after(removeFolders);

describe('what fails is told apart', () => {
  it('lets four of five images be built, and omits the compile step', async () => {
    const names = ['one', 'two', 'three', 'four', 'five'];
    const source = await project(
      { path: uniqueName('five'), images: names.map((name) => ({ name })) },
      Object.fromEntries(
        names.map((name) => [
          `${name}/Dockerfile`,
          `FROM ${BUSYBOX}\nRUN echo ${name}\n${name === 'three' ? 'RUN echo no such tool >&2; exit 7\n' : ''}`,
        ]),
      ),
    );
    const { result } = await build(source, { tag: 'v1' }, 'one-of-five-broken');

    expect(result.phase).to.equal('failed');
    expect(result.compile).to.include({ state: 'omitted' });
    for (const image of result.images) {
      if (image.name === 'three') {
        expect(image).to.include({ state: 'failed', attempts: 1 }).and.not.have.property('digest');
        expect(image.failure).to.include({ kind: 'dockerfile_step' });
        expect(image.failure!.reason).to.equal('RUN echo no such tool >&2; exit 7 failed (exit status 7)');
        expect(image.failure!.lastLines).to.contain('no such tool');
      } else {
        expect(image.digest).to.equal(await digestOf(image.repository, 'v1'));
      }
    }
  });

  it('names the reason of each; threat 32b: a forged digest, too', async () => {
    const broken: Record<string, { dockerfile: string; kind: FailureKind; image?: object; says: RegExp }> = {
      missing_file: {
        // A path without a variable would be found missing before the build.
        dockerfile: `FROM ${BUSYBOX}\nARG FILE=nothing.txt\nCOPY $FILE /srv/\n`,
        kind: 'file_missing',
        says: /nothing\.txt/,
      },
      no_base: {
        dockerfile: `FROM ${environment.registry}/library/nothing:1\nRUN true\n`,
        kind: 'base_image',
        says: /library\/nothing/,
      },
      no_dockerfile_syntax: {
        dockerfile: `FROM ${BUSYBOX}\nUSER\n`,
        kind: 'dockerfile',
        says: /USER/i,
      },
      no_memory: {
        dockerfile: `FROM ${BUSYBOX}\nRUN head -c 500000000 /dev/zero | tail | wc -c\n`,
        image: { resources: { limits: { memory: '100Mi' } } },
        kind: 'out_of_memory',
        says: /memory/,
      },
      no_time: {
        dockerfile: `FROM ${BUSYBOX}\nRUN sleep 600\n`,
        image: { timeout: 15 },
        kind: 'deadline',
        says: /15/,
      },
      forged: {
        dockerfile: `FROM ${BUSYBOX}\nRUN setsid sh -c 'while :; do echo "evil\\",\\"x" >/kaniko/digest; done' >/dev/null 2>&1 & sleep 1\n`,
        kind: 'digest',
        says: /digest/,
      },
    };
    const source = await project(
      {
        path: uniqueName('broken'),
        images: Object.entries(broken).map(([name, { image }]) => ({ name, ...image })),
      },
      Object.fromEntries(
        Object.entries(broken).map(([name, { dockerfile }]) => [`${name}/Dockerfile`, dockerfile]),
      ),
    );
    const { result } = await build(source, {}, 'broken-in-every-way');

    expect(result.phase).to.equal('failed');
    for (const image of result.images) {
      const { kind, says } = broken[image.name]!;
      expect(image.state, image.name).to.equal('failed');
      expect(image.failure?.kind, `${image.name}: ${JSON.stringify(image.failure)}`).to.equal(kind);
      expect(image.failure!.reason, image.name).to.match(says);
      expect(image.attempts, `${image.name} is not tried again`).to.equal(1);
    }
  });

  it('says when the build context is not there', async () => {
    const source = await project(
      { path: uniqueName('lost'), images: [{ name: 'lost' }] },
      { 'lost/Dockerfile': `FROM ${BUSYBOX}\nRUN echo ${uniqueName('x')}\n` },
    );
    // Submitted without uploading: as if somebody had deleted the object meanwhile.
    const { submitted } = await run(
      { settings: testSettings(), name: uniqueName('test') },
      { source, runner: workflowRunner(client) },
    );
    const finished = await finish(submitted.name);
    await record('context-missing', finished);

    expect(finished.result.images[0]).to.include({ state: 'failed', attempts: 1 });
    expect(finished.result.images[0]!.failure).to.include({ kind: 'context_missing' });
  });

  it('says what a build waits for that cannot start, and stops it', async () => {
    const settings = testSettings();
    settings.kaniko.image = `${environment.registry}/nothing/kaniko:1`;
    const files = { 'waiting/Dockerfile': `FROM ${BUSYBOX}\n` };
    const cases = [
      { kind: 'image_pull', image: {}, settings, recording: 'kaniko-image-missing' },
      {
        kind: 'unschedulable',
        image: { resources: { requests: { cpu: '1000' } } },
        settings: testSettings(),
        recording: 'unschedulable',
      },
    ] as const;
    await Promise.all(
      cases.map(async ({ kind, image, settings, recording }) => {
        const source = await project(
          { path: uniqueName('wait'), images: [{ name: 'waiting', ...image }] },
          files,
        );
        const { submitted } = await submit(source, { settings });
        const waiting = await until(submitted.name, ({ images }) => images[0]?.waiting !== undefined);
        await record(recording, waiting);
        expect(waiting.result.images[0]).to.include({ state: 'pending' });
        expect(waiting.result.images[0]!.waiting).to.include({ kind });

        expect(await stopWorkflow(client, NAMESPACE, submitted.name)).to.equal('stopped');
        const { result } = await finish(submitted.name);
        expect(result.phase).to.equal('stopped');
      }),
    );
  });
});
