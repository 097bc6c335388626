import { expect } from 'chai';

import { ServiceError } from '../../../schema/index.js';
import { makeBucket } from '../../../stores/make-bucket.js';
import { S3Server } from '../../fixtures/s3-server.js';

describe('the bucket of build contexts', () => {
  let server: S3Server;
  beforeEach(async () => {
    server = await S3Server.start();
  });
  afterEach(() => server.stop());

  const make = () =>
    makeBucket({
      endpoint: server.endpoint,
      secure: false,
      accessKey: server.accessKey,
      secretKey: server.secretKey,
      bucket: 'contexts',
    });

  it('is made once', async () => {
    expect(await make()).to.equal('made');
    expect(server.buckets.has('contexts')).to.equal(true);
    expect(await make()).to.equal('there');
  });

  it('is left to the first build where the keys are for its contents alone', async () => {
    server.misbehave({ answer: 403, code: 'AccessDenied' });
    expect(await make()).to.equal('hidden');
    expect(server.buckets.has('contexts')).to.equal(false);
  });

  it('that another one made meanwhile is there', async () => {
    server.misbehave(
      { answer: 409, code: 'BucketAlreadyOwnedByYou' },
      { when: ({ method }) => method === 'PUT' },
    );
    expect(await make()).to.equal('there');
  });

  it('cannot be made in a store that fails', async () => {
    server.misbehave({ answer: 400, code: 'BadRequest' }, { when: ({ method }) => method === 'PUT' });
    const error = await make().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(error).to.be.instanceOf(ServiceError);
  });
});
