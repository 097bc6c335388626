import { expect } from 'chai';

import { kfpLinks, pinLines } from '../../../../generator/results/published.js';

describe('pinLines', () => {
  it('says what was pinned, what not and why', () => {
    const images = {
      pinned: [
        { name: 'trainer', reference: 'r/trainer@sha256:1', steps: 2 },
        { name: 'loader', reference: 'r/loader@sha256:2', steps: 1 },
      ],
      suspicious: [{ executor: 'exec-a', image: 'r/trianer', near: 'trainer' }],
      dynamic: ['exec-b'],
      unused: ['server'],
      others: 1,
      omitted: 3,
    };
    expect(pinLines({ images })).to.deep.equal({
      pinned: ['trainer → r/trainer@sha256:1 (2 steps)', 'loader → r/loader@sha256:2'],
      notPinned: [
        'exec-a has r/trianer, which is not an image of this build; is trainer meant?',
        'exec-b: a parameter decides its image at run time',
        'server: no step has this image',
        '1 step has an image from elsewhere',
        'and 3 more',
      ],
    });
    const many = Array.from({ length: 30 }, (_, i) => `image-${i}`);
    expect(
      pinLines({ images: { ...images, suspicious: [], dynamic: [], unused: many } }).notPinned[0],
    ).to.equal('image-0, image-1, image-2, image-3, image-4 and 25 more: no step has these images');
    expect(pinLines({})).to.deep.equal({ pinned: [], notPinned: [] });
  });
});

describe('kfpLinks', () => {
  const url = 'https://kubeflow.example.com/_/pipeline/';
  const ids = { pipelineId: 'p 1', versionId: 'v' };

  it('leads to the version and to the run', () => {
    expect(kfpLinks(url, ids, { runId: 'r/1' })).to.deep.equal({
      version: 'https://kubeflow.example.com/_/pipeline/#/pipelines/details/p%201/version/v',
      run: 'https://kubeflow.example.com/_/pipeline/#/runs/details/r%2F1',
    });
    expect(kfpLinks('https://kfp.example', undefined, { ...ids, runId: 'r' }).version).to.equal(
      'https://kfp.example/#/pipelines/details/p%201/version/v',
    );
  });

  it('has none for what is not known', () => {
    expect(kfpLinks(undefined, ids, { runId: 'r' })).to.deep.equal({});
    expect(kfpLinks(url, { pipelineId: 'p' })).to.deep.equal({});
    expect(kfpLinks(url, { pipelineId: '..', versionId: 'v' }, { runId: '..' })).to.deep.equal({});
  });
});
