import { expect } from 'chai';

import type { ObservedWorkflow } from '../../argo/status/observed.js';
import { LABELS } from '../../generator/workflow/names.js';
import { pushDelivery } from '../fixtures/github/index.js';
import { type ServerProcess, ServerWorld } from './harness.js';

const TRIGGERS =
  'triggers: {push: {branches: [main, "release/*"], do: build}, tag: {pattern: "v*", do: build}}';
const SCHEDULES = '  schedules: [{name: nightly, cron: "0 3 * * *"}]';

describe('schedules on the server', function () {
  this.timeout(300_000);
  let world: ServerWorld;
  let server: ServerProcess;
  let files: Record<string, string>;

  before(async () => {
    world = await ServerWorld.start();
    files = world.configReplacing('pipeline:\n', `pipeline:\n${SCHEDULES}\n`);
    const [path = '', text = ''] = Object.entries(files)[0] ?? [];
    files = { [path]: `${TRIGGERS}\n${text}` };
    world.branch('main', world.commit(files, world.commits.base));
    server = await world.serve({
      settings: {
        kfp: { endpoint: 'http://ml-pipeline.kubeflow:8888' },
        server: { triggers: { push: ['build'], tag: ['build'] } },
      },
    });
  });
  after(async () => {
    expect(world.github.problems).to.deep.equal([]);
    await world.stop();
  });

  /** The workflow that a push makes. */
  async function pushed(ref: string): Promise<ObservedWorkflow> {
    const { world: github } = world.github;
    const name = ref.replace(/^refs\/(?:heads|tags)\//, '');
    const commit = world.commit({ ...files, 'pipeline/change.py': `REF = '${ref}'\n` });
    const ada = github.account('ada');
    if (ref.startsWith('refs/heads/')) world.pushBranch(name, commit, ada);
    else world.branch(`for-${name}`, commit);
    await world.deliver(server, pushDelivery(github, world.repository, ref, { after: commit, sender: ada }));
    return world.until(`a workflow for ${ref}`, () =>
      world.argo.workflows.find(({ metadata }) => metadata.labels?.[LABELS.commit] === commit),
    );
  }

  function publishArguments({ spec }: ObservedWorkflow): readonly string[] {
    return spec.templates?.find(({ name }) => name === 'publish-pipeline')?.container?.args ?? [];
  }

  it('are applied by a push to the default branch, and by no other', async () => {
    expect(publishArguments(await pushed('refs/heads/main'))).to.include('--schedules=/kfops/schedules.json');
    for (const ref of ['refs/heads/release/1', 'refs/tags/v1']) {
      const args = publishArguments(await pushed(ref));
      expect(args, ref).to.include('--namespace=data-science');
      expect(args.join(' '), ref).not.to.include('--schedules');
    }
  });

  it('threat 90: of a pull request are never applied, whatever its file says', async () => {
    const pull = world.openPull();
    pull.push({ ...files, 'pipeline/change.py': 'PULL = 1\n' });
    await pull.answered(server, '/build', 'rocket');
    const args = publishArguments(await pull.workflow());
    expect(args).to.include('--namespace=data-science');
    expect(args.join(' ')).not.to.include('--schedules');
    await pull.answered(server, '/plan', 'rocket');
    expect(await pull.said('nightly')).to.include('applied when merged to the default branch');
  });
});
