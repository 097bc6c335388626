import { expect } from 'chai';

import { createWorkflow } from '../../../../generator/workflow/create.js';
import { parseSettings, type Settings } from '../../../../schema/index.js';
import { imagesByTag, warnOfImagesByTag } from '../../../../server/runtime/images-by-tag.js';
import { aPlan } from '../../../support/plan.js';

const DIGEST = `sha256:${'1a2b3c4d'.repeat(8)}`;
const read = (text: string): Settings => parseSettings(text, { file: 'settings.yaml' }).value;

const PINNED = `
kaniko: {image: 'r.example/kaniko:v1@${DIGEST}'}
compiler: {image: 'r.example/compiler@${DIGEST}'}
kfops: {image: 'r.example:5000/team/kfops@${DIGEST}'}
kfp: {endpoint: 'http://ml-pipeline:8888'}
`;

describe('threat 58: an image whose tag was moved', () => {
  it('is told of once at the start, with its place and what to do', () => {
    const warnings: unknown[][] = [];
    const warn = (...entry: unknown[]): void => void warnings.push(entry);
    warnOfImagesByTag(read(''), { warn } as never);
    expect(warnings).to.have.length(1);
    const [{ images }, message] = warnings[0] as [{ images: Record<string, string> }, string];
    expect(Object.keys(images)).to.deep.equal(['kaniko.image', 'compiler.image', 'kfops.image']);
    expect(message).to.contain('NAME@sha256:DIGEST');

    warnOfImagesByTag(read(PINNED), { warn } as never);
    expect(warnings).to.have.length(1);
  });

  it('may be in a manifest of the settings, too, and have no tag at all', () => {
    const settings = read(`${PINNED}
server:
  forks:
    registry: r.example/forks
    manifest: {spec: {containers: [{name: kaniko, image: r.example/kaniko}]}}
`);
    expect(imagesByTag(settings)).to.deep.equal({
      'server.forks.manifest.spec.containers[0].image': 'r.example/kaniko',
    });
  });

  it('cannot come instead of one by digest, which reaches each pod as it is written', () => {
    const settings = read(PINNED);
    const compilerImage = settings.compiler.image;
    const { pipeline } = aPlan();
    const { spec } = createWorkflow(aPlan({ run: true, pipeline: { ...pipeline, compilerImage } }), settings);
    const images = spec.templates.flatMap((template) =>
      'container' in template ? [template.container.image] : [],
    );
    expect(images).to.have.length(4);
    for (const image of images) expect(image).to.match(/@sha256:[0-9a-f]{64}$/);
  });
});
