import { expect } from 'chai';

import { buildOptionsOf } from '../../../../argo/status/build-options.js';
import type { ObservedWorkflow } from '../../../../argo/status/observed.js';
import type { Plan, PlannedImage } from '../../../../generator/plan/plan-types.js';
import { createWorkflow } from '../../../../generator/workflow/create.js';
import { anImage, aPlan, WORKFLOW_SETTINGS } from '../../../support/plan.js';

const COMMIT = '4f1c0d9ae2b7c6a8519f3e0d7b2a4c6e8f90ab12';

function observed(images: readonly PlannedImage[], more: Partial<Plan> = {}): ObservedWorkflow {
  const revision = { commit: COMMIT, dirty: false, description: 'a commit' };
  const workflow = createWorkflow(aPlan({ images, revision, ...more }), WORKFLOW_SETTINGS);
  return JSON.parse(JSON.stringify(workflow)) as ObservedWorkflow;
}

describe('argo/build-options', () => {
  const plain = anImage('plain', { tag: COMMIT.slice(0, 12) });
  const full = anImage('full', {
    tag: 'release',
    dockerfile: 'docker/Dockerfile.gpu',
    // More than nine: their order is not that of text.
    buildArgs: Array.from({ length: 12 }, (_, at) => [`A${at}`, at === 3 ? 'b=c d' : ''] as const),
    target: 'runtime',
    platform: 'linux/arm64',
  });

  it('reads what the plan had from the workflow', () => {
    const options = buildOptionsOf(observed([plain, full]));
    const { dockerfile, buildArgs, target, platform } = full;
    expect(options(full.task)?.docker).to.deep.equal({ dockerfile, buildArgs, target, platform });
    expect(options(plain.task)?.docker).to.deep.equal({ dockerfile: 'Dockerfile', buildArgs: [] });
    expect(options('compile')).to.equal(undefined);
  });

  it('finds tasks in nested DAGs, and the tag that all images have in the template', () => {
    const images = Array.from({ length: 310 }, (_, at) =>
      anImage(`i${at}`, { tag: COMMIT.slice(0, 12), buildArgs: [['N', String(at)]] }),
    );
    expect(buildOptionsOf(observed(images))(images[309]!.task)).to.deep.equal({
      docker: { dockerfile: 'Dockerfile', buildArgs: [['N', '309']] },
      commit: COMMIT,
    });
  });

  it('names the commit only where the tag says that the context is the commit’s', () => {
    const options = buildOptionsOf(observed([plain, full]));
    expect(options(plain.task)?.commit).to.equal(COMMIT);
    expect(options(full.task)).not.to.have.property('commit');
    const folder = buildOptionsOf(observed([plain], { revision: { dirty: true, description: 'a folder' } }));
    expect(folder(plain.task)).not.to.have.property('commit');
  });

  it('takes a workflow that has nothing', () => {
    expect(buildOptionsOf({ metadata: { name: 'w' }, spec: {} })('build-web')).to.equal(undefined);
    const foreign = {
      metadata: { name: 'w' },
      spec: { templates: [{ name: 'm', dag: { tasks: [{ name: 't' }] } }] },
    };
    expect(buildOptionsOf(foreign)('t')).to.deep.equal({
      docker: { dockerfile: 'Dockerfile', buildArgs: [] },
    });
  });
});
