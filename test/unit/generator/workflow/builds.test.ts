import { expect } from 'chai';
import fc from 'fast-check';

import type { PlannedImage } from '../../../../generator/plan/plan-types.js';
import { divideImages } from '../../../../generator/workflow/batches.js';
import { BuildLayout } from '../../../../generator/workflow/builds.js';
import { createWorkflow } from '../../../../generator/workflow/create.js';
import { checkedOutput } from '../../../../generator/workflow/step-output.js';
import type { DagTask, DagTemplate } from '../../../../generator/workflow/types.js';
import { anImage, aPlan, WORKFLOW_SETTINGS } from '../../../support/plan.js';

const nameOf = (index: number): string => `image-${index}`;

/** Images of which each may be based on some of the images before it, in any order. */
const stacks = fc.array(fc.array(fc.nat(60), { maxLength: 2 }), { maxLength: 60 }).chain((lists) =>
  fc.shuffledSubarray(
    lists.map((bases, index) =>
      anImage(nameOf(index), {
        buildsOn: [...new Set(bases.filter((base) => base < index).map(nameOf))],
      }),
    ),
    { minLength: lists.length },
  ),
);

/** `image-0` alone, `image-1` on it, and so on. */
function chain(length: number): PlannedImage[] {
  return Array.from({ length }, (_, i) => anImage(nameOf(i), { buildsOn: i === 0 ? [] : [nameOf(i - 1)] }));
}

function dagsOf(images: readonly PlannedImage[]): ReadonlyMap<string, readonly DagTask[]> {
  const { templates } = createWorkflow(aPlan({ images }), WORKFLOW_SETTINGS).spec;
  const dags = templates.filter((template): template is DagTemplate => 'dag' in template);
  return new Map(dags.map(({ name, dag }) => [name, dag.tasks]));
}

describe('divideImages', () => {
  it('puts every image into one batch, none above the limit, and bases never into a later one', () => {
    fc.assert(
      fc.property(stacks, fc.integer({ min: 1, max: 20 }), (images, most) => {
        const batches = divideImages(images, most);
        const placed = batches.flat().map(({ name }) => name);
        expect([...placed].sort()).to.deep.equal(images.map(({ name }) => name).sort());
        for (const batch of batches) expect(batch.length).to.be.within(1, most);
        const position = new Map(placed.map((name, i) => [name, i]));
        for (const { name, buildsOn } of images) {
          for (const base of buildsOn) expect(position.get(base)).to.be.below(position.get(name) ?? -1);
        }
      }),
    );
  });

  it('keeps images that are based on each other together where they fit', () => {
    const images = [0, 1, 2, 3].flatMap((at) => [
      anImage(`base-${at}`),
      anImage(`one-${at}`, { buildsOn: [`base-${at}`] }),
      anImage(`two-${at}`, { buildsOn: [`one-${at}`, `base-${at}`] }),
    ]);
    const names = divideImages(images, 4).map((batch) => batch.map(({ name }) => name));
    expect(names).to.deep.equal([0, 1, 2, 3].map((at) => [`base-${at}`, `one-${at}`, `two-${at}`]));
  });
});

describe('the order of builds in a workflow', () => {
  it('lets an image wait for those that it is based on, if they are built', () => {
    const reuse = { action: 'reuse', digest: `sha256:${'b'.repeat(64)}` } as const;
    const tasks = dagsOf([
      anImage('app', { buildsOn: ['base', 'tools'] }),
      anImage('base'),
      anImage('tools', { decision: reuse }),
    ]).get('main');
    expect(tasks?.map(({ name, depends }) => [name, depends])).to.deep.equal([
      ['build-app', 'build-base.Succeeded'],
      ['build-base', undefined],
      ['compile-pipeline', 'build-app.Succeeded && build-base.Succeeded'],
      ['publish-pipeline', 'compile-pipeline.Succeeded'],
      ['tag-images', undefined],
    ]);
  });

  it('starts with the compile step where all images are reused, and gives it their digests', () => {
    const digest = `sha256:${'b'.repeat(64)}`;
    const tasks = dagsOf([anImage('app', { decision: { action: 'reuse', digest } })]).get('main');
    expect(tasks?.map(({ name, depends }) => [name, depends])).to.deep.equal([
      ['compile-pipeline', undefined],
      ['publish-pipeline', 'compile-pipeline.Succeeded'],
      ['tag-images', undefined],
    ]);
    expect(tasks?.[0]?.arguments?.artifacts?.[0]?.raw.data).to.equal(
      `{"app":"registry.example.com/team/app@${digest}"}`,
    );
  });

  it('keeps every edge when DAGs are nested, also between them', () => {
    const images = chain(320);
    const dags = dagsOf(images);
    expect(dags.get('main')?.map(({ name, depends }) => [name, depends])).to.deep.equal([
      ['batch-1', undefined],
      ['batch-2', 'batch-1.Succeeded'],
      ['batch-3', 'batch-2.Succeeded'],
      ['compile-pipeline', 'batch-1.Succeeded && batch-2.Succeeded && batch-3.Succeeded'],
      ['publish-pipeline', 'compile-pipeline.Succeeded'],
    ]);
    const first = dags.get('batch-2')?.map(({ name, depends }) => [name, depends]);
    expect(first?.slice(0, 2)).to.deep.equal([
      ['build-image-150', undefined],
      ['build-image-151', 'build-image-150.Succeeded'],
    ]);
  });

  it('gives an image the digest of its base, also from another DAG', () => {
    const images = chain(320).map((image) => ({
      ...image,
      labels: image.buildsOn.map((name) => ({ name: 'dev.kfops.base', digestOf: name })),
    }));
    const layout = new BuildLayout({ images });
    const dags = dagsOf(images);
    const label = (dag: string, task: string): unknown =>
      dags
        .get(dag)
        ?.find(({ name }) => name === task)
        ?.arguments?.parameters?.find(({ name }) => name === 'label-1')?.value;
    expect(label('batch-1', 'build-image-1')).to.equal(
      `dev.kfops.base=${checkedOutput({ task: 'build-image-0', parameter: 'digest' }, 'digest')}`,
    );
    expect(label('batch-2', 'build-image-150')).to.equal('dev.kfops.base={{inputs.parameters.base-1}}');
    expect(dags.get('main')?.[1]?.arguments?.parameters).to.deep.equal([
      { name: 'base-1', value: checkedOutput({ task: 'batch-1', parameter: 'd150' }, 'digest') },
    ]);
    expect(layout.batches[1]?.after).to.deep.equal(['batch-1']);
  });
});
