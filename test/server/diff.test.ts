import { expect } from 'chai';

import type { ObservedWorkflow } from '../../argo/status/observed.js';
import { taskNames, type Steps } from './argo.js';
import { type PullHandle, type ServerProcess, ServerWorld } from './harness.js';

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;

/** A compiled pipeline of one step. */
function compiled(image: string, share: string): string {
  return `# PIPELINE DEFINITION
components:
  comp-train: {executorLabel: exec-train}
deploymentSpec:
  executors:
    exec-train:
      container: {image: '${image}'}
root:
  inputDefinitions:
    parameters:
      test_share: {defaultValue: ${share}, parameterType: NUMBER_DOUBLE}
schemaVersion: 2.1.0
`;
}

describe('/diff', function () {
  this.timeout(300_000);
  let world: ServerWorld;
  let server: ServerProcess;

  before(async () => {
    world = await ServerWorld.start();
    server = await world.serve();
  });
  after(() => world.stop());

  /** Builds the head of a pull request, whose compiled pipeline is then in the object store. */
  async function built(pull: PullHandle, pipeline: string): Promise<ObservedWorkflow> {
    await pull.answered(server, '/build', 'rocket');
    const workflow = await pull.workflow();
    const { uid = '' } = workflow.metadata;
    const version = `pr-${pull.pull.number}-${pull.pull.head.commit.slice(0, 12)}`;
    const result = JSON.stringify({ images: { pinned: [] }, version, warnings: [] });
    const publish = {
      phase: 'Succeeded',
      outputs: { parameters: [{ name: 'result', value: result }] },
    } as const;
    const steps: Steps = Object.fromEntries(taskNames(workflow).map((task) => [task, 'Succeeded' as const]));
    world.argo.set(workflow, 'Succeeded', { ...steps, 'publish-pipeline': publish });
    const bucket = world.store.buckets.get('image-build-artifacts')!;
    bucket.set(`runs/${uid}/pipeline.yaml`, Buffer.from(pipeline));
    return workflow;
  }

  it('compares source code, then the compiled pipeline once this commit and the base branch were built', async () => {
    const pull = world.openPull();
    await pull.answered(server, '/diff', 'rocket');
    const { commit } = pull.pull.head;
    await pull.said(`The compiled pipeline is compared once a build of \`${commit.slice(0, 12)}\``);
    const mine = await built(pull, compiled(`r.example/train@${digest('b')}`, '0.3'));
    await pull.answered(server, '/diff', 'rocket');
    await pull.said('The compiled pipeline isn’t compared: there is no build of `main`');

    const base = world.openPull({ commit: world.commits.base });
    const other = await built(base, compiled(`r.example/train@${digest('a')}`, '0.25'));
    await pull.answered(server, '/diff', 'rocket');
    const body = await pull.said('It leaves out digests of images');
    expect(body)
      .to.include(`of \`${mine.metadata.name}\` (\`${commit.slice(0, 12)}\`)`)
      .and.to.include(`that of \`${other.metadata.name}\``)
      .and.to.include('| `r.example/train` | `sha256:aaaaaaaaaaaa` | `sha256:bbbbbbbbbbbb` |')
      .and.to.include('-        defaultValue: 0.25\n+        defaultValue: 0.3\n');
    expect(body.slice(body.indexOf('```diff'))).not.to.include('aaaa');
  });

  it('says why compiled pipelines can’t be read, and compares the source code', async () => {
    const pull = world.openPull();
    await built(pull, compiled(`r.example/train@${digest('b')}`, '0.3'));
    await built(
      world.openPull({ commit: world.commits.base }),
      compiled(`r.example/train@${digest('a')}`, '0.3'),
    );
    const refused = { answer: 403, code: 'AccessDenied' };
    const ofRuns = ({ path }: { path: string }): boolean => path.includes('/runs/');
    world.store.misbehave(refused, { times: 2, when: ofRuns });
    await pull.answered(server, '/diff', 'rocket');
    const body = await pull.said('The compiled pipelines can’t be compared.');
    expect(body).to.include('no permission').and.to.include('Diff of the source code');
  });

  it('threat 84: hostile names, files and branches stay text', async () => {
    const hostile = 'pipeline/a\n```\n</details> @everyone <img src=x>.py';
    const commit = world.commit({
      [hostile]:
        '```\n</details>\n@everyone [x](https://evil.example.com)\n\u202eghp_0123456789abcdefghijABCDEFGHIJ0123\n',
      'pipeline/long.py': `x = "${'y'.repeat(500_000)}"\n`,
      'pipeline/many.py': 'a = 1\n'.repeat(20_000),
    });
    const pull = world.openPull({ commit, base: { commit: world.commits.base, branch: 'x`@everyone`|y' } });
    await pull.answered(server, '/diff', 'rocket');
    const body = await pull.said('Diff of the source code, without its last');
    const shown = body.slice(body.indexOf('\n'));
    const [block = ''] = /\n````diff\n[\s\S]*\n````\n/.exec(shown) ?? [];
    expect(block).to.include('+++ b/pipeline/a?```?').and.to.include('+@everyone [x](https://evil');
    expect(shown.replace(block, '')).not.to.include('@everyone</').and.not.to.include('<img');
    expect(body).not.to.include('ghp_').and.not.to.include('\u202e');
    expect(shown.length).to.be.below(12_000);
    // The server still reads its own comment.
    await pull.answered(server, '/help difff', '-1');
    await pull.said('Did you mean');
  });
});
