import { expect } from 'chai';

import { stepOfUri } from '../../../../pipeline/outputs/step-of-uri.js';

const RUN = '0b5f0d1e-7c11-4f0a-9d1c-3f8f1a2b3c4d';
const SALT = 'ad7c0c36-52c5-4a0e-8a3b-2f9e7d6c5b4a';

describe('the step of an artifact', () => {
  const cases: Readonly<Record<string, string | undefined>> = {
    [`minio://mlpipeline/v2/artifacts/flowers/${RUN}/train/${SALT}/model`]: 'train',
    [`gs://bucket/flowers/${RUN}/train/model`]: 'train',
    [`s3://bucket/flowers/${RUN}/train/${SALT}/model?endpoint=minio:9000/a/b`]: 'train',
    [`s3://bucket/${SALT}/model`]: undefined,
    's3://bucket/my/own/model': undefined,
    'oci://registry/model': undefined,
    '': undefined,
  };
  for (const [uri, step] of Object.entries(cases))
    it(`is ${step ?? 'unknown'} for ${uri === '' ? 'no address' : uri}`, () => {
      expect(stepOfUri(uri)).to.equal(step);
    });
});
