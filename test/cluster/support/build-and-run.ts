import { expect } from 'chai';

import type { KfpServer } from '../../fixtures/kfp-server.js';
import type { WebhookReceiver } from '../../server/process.js';
import type { ChatopsWorld } from './chatops.js';
import { BUSYBOX } from './project.js';
import { digestOf } from './registry.js';

/** `/build_run`, from GitHub's delivery to the bot's comment and check, however the server is installed. */
export async function buildsAndRuns(
  world: ChatopsWorld,
  server: WebhookReceiver,
  kfp: KfpServer,
): Promise<void> {
  const pull = world.openPull(
    { load: dockerfile('echo load'), train: dockerfile('echo train') },
    pipelineOf(['load', 'train'].map((name) => world.imageOf(name))),
  );
  const comment = await pull.comment(server, 'Now with less memory.\n\n/build_run');
  await pull.reacted(comment, 'rocket');
  const said = await pull.said('✅ Built 2 images, and compiled, published and ran the pipeline');
  for (const name of ['load', 'train']) {
    const digest = await digestOf(world.imageOf(name), pull.tag);
    expect(said).to.include(`${world.imageOf(name)}@${digest}`);
  }
  expect(pull.botComments).to.have.length(1);
  await pull.checked('success');
  expect(said).to.include((await pull.workflow()).name);
  const [version] = [...kfp.versions.values()];
  const [run] = [...kfp.runs.values()];
  expect(said).to.include(version?.name).and.to.include(run?.object.run_id);
  expect(run?.object).to.include({ state: 'SUCCEEDED' });
}

/** Of an image that is small, and made within a second or two. */
export function dockerfile(run: string): string {
  return `FROM ${BUSYBOX}\nRUN ${run}\n`;
}

/** A pipeline with a step for each of these images, and these parameters. */
export function pipelineOf(images: readonly string[], parameters = ''): string {
  const steps = images.map(
    (image, at) => `@dsl.container_component
def step_${at}():
    return dsl.ContainerSpec(image="${image}", command=["true"])
`,
  );
  const calls = images.map((_, at) => `    step_${at}()\n`);
  return `from kfp import dsl


${steps.join('\n\n')}

@dsl.pipeline(name="test")
def test(${parameters}):
${calls.join('')}`;
}
