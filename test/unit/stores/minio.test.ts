import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { Readable } from 'node:stream';

import { expect } from 'chai';
import fc from 'fast-check';

import { ServiceError, WorkError } from '../../../schema/errors.js';
import type { MinioOptions } from '../../../stores/minio.js';
import { minioStore } from '../../../stores/minio.js';
import type { Fault, SeenRequest } from '../../fixtures/s3-server.js';
import { S3Server } from '../../fixtures/s3-server.js';

const KEY = `ctx/${'a'.repeat(64)}.tar.gz`;
const PART = 64 * 1024;

describe('minioStore', () => {
  let server: S3Server;
  /** Time stands still but for the waits between attempts, which take none. */
  let waited: number;

  beforeEach(async () => {
    server = await S3Server.start();
    waited = 0;
  });
  afterEach(() => server.stop());

  const store = (options: Partial<MinioOptions> = {}) =>
    minioStore({
      endpoint: server.endpoint,
      secure: false,
      bucket: 'contexts',
      accessKey: server.accessKey,
      secretKey: server.secretKey,
      partBytes: PART,
      now: () => waited,
      random: () => 1,
      sleep: (ms) => {
        waited += ms;
        return Promise.resolve();
      },
      ...options,
    });
  const put = (content: Buffer, options?: Partial<MinioOptions>) =>
    store(options).put(KEY, () => Readable.from(pieces(content)));
  const stored = () => server.buckets.get('contexts')?.get(KEY);
  const list = () => server.requests.map(({ method, query }) => [method, ...query.keys()].join(' '));

  describe('when all is well', () => {
    it('makes the bucket, stores a small archive in one request, and finds it again', async () => {
      const content = randomBytes(1000);
      expect(await store().has(KEY)).to.be.false;
      await put(content);
      expect(stored()).to.deep.equal(content);
      expect(list()).to.deep.equal(['GET', 'GET', 'PUT', 'PUT']);
      expect(await store().has(KEY)).to.be.true;
    });

    it('stores a larger archive in parts of equal size', async () => {
      const content = randomBytes(3 * PART + 17);
      await put(content);
      expect(stored()?.equals(content)).to.be.true;
      expect(
        server.requests.filter(({ query }) => query.has('partNumber')).map(({ length }) => length),
      ).to.deep.equal([PART, PART, PART, 17]);
      expect(server.uploads.size).to.equal(0);
    });

    for (const bytes of [0, 1, PART - 1, PART, PART + 1, 2 * PART]) {
      it(`stores ${bytes} bytes as they are`, async () => {
        const content = randomBytes(bytes);
        await put(content);
        expect(stored()?.equals(content)).to.be.true;
      });
    }

    it('leaves what is there alone, without opening the content', async () => {
      await put(Buffer.from('first'));
      await store().put(KEY, () => expect.fail('opened'));
      expect(stored()?.toString()).to.equal('first');
    });

    describe('an object whose age, by the clock of the store, is', () => {
      const day = 86_400_000;
      for (const [age, days, fresh] of [
        ['a week less an hour', 7 - 1 / 24, true],
        ['a week and an hour', 7 + 1 / 24, false],
      ] as const)
        it(`${age} is ${fresh ? 'left alone' : 'stored again'}`, async () => {
          await put(Buffer.from('first'));
          server.modified.set(`contexts/${KEY}`, new Date(Date.now() - days * day));
          expect(await store().has(KEY)).to.equal(fresh);
          await put(Buffer.from('again'));
          expect(stored()?.toString()).to.equal(fresh ? 'first' : 'again');
          expect(await store().has(KEY)).to.equal(true);
        });
    });

    it('replaces an empty object, which no archive is', async () => {
      await put(Buffer.alloc(0));
      await put(Buffer.from('whole'));
      expect(stored()?.toString()).to.equal('whole');
    });

    it('lets two clients store one object, in a bucket that neither found', async () => {
      const content = randomBytes(2 * PART + 5);
      await Promise.all([put(content), put(content)]);
      expect(stored()?.equals(content)).to.be.true;
      expect(server.uploads.size).to.equal(0);
    });

    it('refuses keys that are none', async () => {
      expect(await failure(store().put('../x', () => Readable.from([])))).to.be.instanceOf(WorkError);
      expect(await failure(store().has('ctx//x'))).to.be.instanceOf(WorkError);
      expect(server.requests).to.be.empty;
    });

    it('says where it keeps them', () => {
      expect(store().describe()).to.equal(`http://${server.endpoint}/contexts`);
    });
  });

  describe('when something passes', () => {
    const passing: [string, Fault][] = [
      ['503', { answer: 503, code: 'SlowDown' }],
      ['500', { answer: 500, code: 'InternalError' }],
      ['429', { answer: 429, code: 'TooManyRequests' }],
      ['RequestTimeout', { answer: 400, code: 'RequestTimeout' }],
      ['a gateway without a backend', { page: '<html>502</html>', status: 502 }],
      ['a reset', { reset: 'at once' }],
      ['a reset after the body', { reset: 'after the body' }],
      ['a stall', { stall: 'request' }],
      ['a stall in the answer', { stall: 'answer' }],
    ];
    const moments: [string, (request: SeenRequest) => boolean][] = [
      ['looking', ({ method }) => method === 'GET'],
      ['a part', ({ query }) => query.get('partNumber') === '2'],
      ['starting an upload', ({ query }) => query.has('uploads')],
      ['completing', ({ method, query }) => method === 'POST' && query.has('uploadId')],
    ];
    for (const [fault, plan] of passing) {
      for (const [moment, when] of moments) {
        it(`survives ${fault} three times while ${moment}`, async () => {
          server.misbehave(plan, { times: 3, when });
          const content = randomBytes(2 * PART + 5);
          // Longer than an answer takes on a busy machine: each wait in vain is a request more.
          await put(content, 'stall' in plan ? { idleMs: 500 } : {});
          expect(stored()?.equals(content)).to.be.true;
          expect(server.uploads.size).to.equal(0);
          expect(server.requests).to.have.length(7 + 3);
        });
      }
    }

    it('survives any seven of them, wherever they fall', async () => {
      const fault = fc.constantFrom<Fault>(
        { answer: 503, code: 'SlowDown' },
        { page: '<html>502</html>', status: 502 },
        { reset: 'at once' },
        { reset: 'after the body' },
      );
      const plan = fc.array(fc.record({ fault, at: fc.nat(15) }), { maxLength: 7 });
      await fc.assert(
        fc.asyncProperty(plan, fc.nat(4 * PART), async (faults, bytes) => {
          server.reset();
          for (const { fault, at } of faults) {
            server.misbehave(fault, { when: () => server.requests.length > at });
          }
          const content = randomBytes(bytes);
          await put(content);
          expect(stored()?.equals(content)).to.be.true;
          expect(server.uploads.size).to.equal(0);
        }),
        { numRuns: 40 },
      );
    });

    it('uses its connection again after answers that it does not read', async () => {
      server.misbehave({ answer: 503, code: 'SlowDown' }, { times: 5 });
      await put(randomBytes(10));
      expect(server.connections).to.equal(1);
    });

    it('takes an upload as done when the answer to completing it was lost', async () => {
      server.misbehave(
        { reset: 'after the work' },
        { when: ({ method, query }) => method === 'POST' && query.has('uploadId') },
      );
      const content = randomBytes(2 * PART);
      await put(content);
      expect(stored()?.equals(content)).to.be.true;
    });

    it('takes an error in the answer to completing with status 200 for what it is', async () => {
      server.misbehave(
        { answer: 200, code: 'InternalError' },
        { when: ({ method, query }) => method === 'POST' && query.has('uploadId') },
      );
      const content = randomBytes(2 * PART);
      await put(content);
      expect(stored()?.equals(content)).to.be.true;
    });
  });

  describe('when it does not pass', () => {
    it('gives up on 503 for ever within 60 s of waiting', async () => {
      server.misbehave({ answer: 503, code: 'SlowDown' }, { times: Infinity });
      const error = await serviceError(put(randomBytes(10)));
      expect(error.problem).to.equal('it answered 503, again and again.');
      expect(server.requests).to.have.length(8);
      expect(waited).to.be.within(1000, 60_000);
    });

    it('waits a random time, up to a limit that doubles', async () => {
      const waits: number[] = [];
      server.misbehave({ answer: 503, code: 'SlowDown' }, { times: Infinity });
      await serviceError(
        put(randomBytes(10), { random: () => 0.5, sleep: (ms) => (waits.push(ms), Promise.resolve()) }),
      );
      expect(waits).to.deep.equal([125, 250, 500, 1000, 2000, 4000, 4000]);
    });

    it('gives up when stalls have used up the patience, whatever the attempts left', async () => {
      server.misbehave({ stall: 'request' }, { times: Infinity });
      const clock = { now: () => 40 * server.requests.length, idleMs: 40, patienceMs: 60 };
      const error = await serviceError(put(randomBytes(10), { ...clock, firstDelayMs: 1 }));
      expect(error.problem).to.equal('it stopped answering.');
      expect(server.requests).to.have.length(2);
    });

    for (const fault of [
      { answer: 503, code: 'SlowDown' },
      { answer: 403, code: 'AccessDenied' },
      { reset: 'after the body' },
      { answer: 507, code: 'XMinioStorageFull' },
    ] as const) {
      it(`leaves no upload behind when a part meets ${JSON.stringify(fault)}`, async () => {
        server.misbehave(fault, { times: Infinity, when: ({ query }) => query.get('partNumber') === '2' });
        await serviceError(put(randomBytes(4 * PART)));
        expect(server.uploads.size).to.equal(0);
        expect(stored()).to.be.undefined;
        expect(server.requests.at(-1)?.method).to.equal('DELETE');
      });
    }

    it('tells the first failure when cleaning up fails too', async () => {
      server.misbehave(
        { answer: 507, code: 'XMinioStorageFull' },
        { when: ({ query }) => query.has('partNumber') },
      );
      server.misbehave(
        { answer: 503, code: 'SlowDown' },
        { times: Infinity, when: ({ method }) => method === 'DELETE' },
      );
      expect((await serviceError(put(randomBytes(2 * PART)))).problem).to.equal('its disk is full.');
      expect(server.requests.filter(({ method }) => method === 'DELETE')).to.have.length(3);
    });

    it('cleans up when the content fails, and passes that failure on', async () => {
      const cause = new WorkError('a file has changed');
      const content = Readable.from(
        (function* () {
          yield randomBytes(PART + 10);
          throw cause;
        })(),
      );
      expect(await failure(store().put(KEY, () => content))).to.equal(cause);
      expect(server.uploads.size).to.equal(0);
      expect(stored()).to.be.undefined;
    });

    it('ends the content when storing fails', async () => {
      server.misbehave({ answer: 403, code: 'AccessDenied' }, { when: ({ query }) => query.has('uploads') });
      const content = Readable.from(pieces(randomBytes(4 * PART)));
      await serviceError(store().put(KEY, () => content));
      expect(content.destroyed).to.be.true;
    });

    it('tells a stall in the answer from a connection that broke', async () => {
      server.misbehave({ stall: 'answer' }, { times: Infinity });
      const error = await serviceError(put(randomBytes(10), { idleMs: 30, attempts: 2 }));
      expect(error.problem).to.equal('it stopped answering.');
    });

    it('refuses an archive of too many parts', async () => {
      const error = await failure(put(randomBytes(4 * PART), { maxParts: 3 }));
      expect(error).to.be.instanceOf(WorkError);
      expect(server.uploads.size).to.equal(0);
    });
  });

  describe('tells', () => {
    const answers: [string, Fault, RegExp, RegExp][] = [
      [
        'a wrong secret key',
        { answer: 403, code: 'SignatureDoesNotMatch' },
        /secret key does not belong/,
        /KFOPS_MINIO_SECRET_KEY/,
      ],
      [
        'missing rights',
        { answer: 403, code: 'AccessDenied' },
        /have no permission to read and write in the bucket contexts/,
        /s3:GetObject/,
      ],
      [
        'a wrong region',
        { answer: 400, code: 'AuthorizationHeaderMalformed', extra: '<Region>eu-west-1</Region>' },
        /another region \(eu-west-1\)/,
        /minio\.region/,
      ],
      [
        'a redirect',
        { page: '', status: 301, headers: { location: 'http://127.0.0.1:1/' } },
        /redirects are not followed/,
        /KFOPS_MINIO_ENDPOINT/,
      ],
      [
        'a web page',
        { page: '<!doctype html><p>Hello', status: 200 },
        /\(status 200\) is not an object store/,
        /another port/,
      ],
      [
        'a web page that is not there',
        { page: '<html>404</html>', status: 404 },
        /\(status 404\) is not an object store/,
        /KFOPS_MINIO_ENDPOINT/,
      ],
      ['an empty 404', { page: '', status: 404 }, /status 404\) is not an object store/, /./],
      [
        'a code that is a word of JavaScript',
        { answer: 400, code: 'constructor' },
        /answered 400 \(constructor\)/,
        /./,
      ],
      [
        'plain http on a TLS port',
        { page: 'Client sent an HTTP request to an HTTPS server.\n', status: 400 },
        /is not an object store/,
        /https:\/\/…/,
      ],
      ['a full disk', { answer: 507, code: 'XMinioStorageFull' }, /disk is full/, /Free some space/],
      [
        'a used-up quota',
        { answer: 400, code: 'XMinioAdminBucketQuotaExceeded' },
        /quota of the bucket contexts/,
        /quota/,
      ],
      ['a code that is new', { answer: 400, code: 'SomethingNew' }, /answered 400 \(SomethingNew\)/, /./],
      ['a code that is none', { answer: 400, code: 'x\u001b[31m' }, /answered 400 \(no known code\)/, /./],
    ];
    for (const [what, fault, problem, nextStep] of answers) {
      it(`${what}, after one request`, async () => {
        server.misbehave(fault, { times: Infinity });
        const error = await serviceError(put(randomBytes(10)));
        expect(error.problem).to.match(problem);
        expect(error.nextStep).to.match(nextStep);
        expect(error).to.include({ service: 'Object store', address: `http://${server.endpoint}` });
        expect(server.requests).to.have.length(1);
        expect(JSON.stringify([error.message, error.nextStep])).not.to.contain(server.secretKey);
      });
    }

    it('a web page in the middle of an upload', async () => {
      server.misbehave({ page: '<html></html>', status: 200 }, { when: ({ query }) => query.has('uploads') });
      expect((await serviceError(put(randomBytes(2 * PART)))).problem).to.contain(
        '(status 200) is not an object store',
      );
      server.misbehave(
        { page: '<html></html>', status: 200 },
        { when: ({ query }) => query.has('partNumber') },
      );
      expect((await serviceError(put(randomBytes(2 * PART)))).problem).to.contain(
        '(status 200) is not an object store',
      );
      expect(server.uploads.size).to.equal(0);
    });

    it('a wrong access key', async () => {
      const error = await serviceError(put(randomBytes(10), { accessKey: 'nobody' }));
      expect(error.problem).to.equal('it does not know the access key.');
      expect(error.nextStep).to.contain('KFOPS_MINIO_ACCESS_KEY');
      expect(server.requests).to.have.length(1);
    });

    it('both clocks when they differ', async () => {
      const headers = { date: 'Tue, 01 Jan 2030 00:00:00 GMT' };
      server.misbehave({ answer: 403, code: 'RequestTimeTooSkewed', headers }, { times: Infinity });
      const { problem } = await serviceError(put(randomBytes(10)));
      expect(problem)
        .to.contain('there 2030-01-01T00:00:00.000Z')
        .and.to.match(/here it is 20\d\d-\d\d-/);
    });

    it('that the bucket may not be made', async () => {
      server.misbehave({ answer: 403, code: 'AccessDenied' }, { when: ({ method }) => method === 'PUT' });
      const error = await serviceError(put(randomBytes(10)));
      expect(error.problem).to.equal(
        'the bucket contexts does not exist, and these keys have no permission to create it.',
      );
      expect(error.nextStep).to.contain('mc mb');
    });

    it('that a bucket went away meanwhile', async () => {
      server.misbehave(
        { answer: 404, code: 'NoSuchBucket' },
        { when: ({ path, method }) => method === 'PUT' && path.includes('ctx') },
      );
      expect((await serviceError(put(randomBytes(10)))).problem).to.contain(
        'the bucket contexts does not exist',
      );
    });

    it('that nothing listens', async () => {
      const endpoint = await refusedEndpoint();
      const error = await serviceError(put(randomBytes(10), { endpoint }));
      expect(error.problem).to.equal('the connection was refused.');
      expect(error.nextStep).to.contain('port-forward');
      expect(error.address).to.equal(`http://${endpoint}`);
    });

    it('that there is no such host, without a second try', async () => {
      const error = await serviceError(put(randomBytes(10), { endpoint: 'no-such-host.invalid:9000' }));
      // Without any name server, the look-up itself fails.
      expect(error.problem).to.be.oneOf(['there is no such host.', 'its name could not be looked up.']);
    });

    it('https where only plain http is spoken', async () => {
      const error = await serviceError(put(randomBytes(10), { secure: true }));
      expect(error.problem).to.equal('what answers there does not speak TLS.');
      expect(error.nextStep).to.contain('http://…');
      expect(error.address).to.equal(`https://${server.endpoint}`);
    });

    it('that a connection does not come about in time', async () => {
      const silent = createServer((socket) => socket.on('error', () => undefined).resume());
      const endpoint = await listen(silent);
      const error = await serviceError(put(randomBytes(10), { endpoint, secure: true, connectMs: 30 }));
      expect(error.problem).to.equal('it could not be reached in time.');
      await new Promise((resolve) => silent.close(resolve));
    });

    it('something that is not HTTP', async () => {
      const other = createServer((socket) =>
        socket
          .on('error', () => undefined)
          .resume()
          .end(Buffer.from([0x15, 3, 1, 0, 2, 2, 0x46])),
      );
      const endpoint = await listen(other);
      const error = await serviceError(put(randomBytes(10), { endpoint }));
      expect(error.problem).to.equal('what answers there does not speak HTTP.');
      expect(error.nextStep).to.contain('https://…');
      await new Promise((resolve) => other.close(resolve));
    });

    it('names that minio-js refuses', async () => {
      expect((await serviceError(put(randomBytes(1), { bucket: 'No_Bucket' }))).problem).to.equal(
        'the name of the bucket is not valid.',
      );
      expect((await serviceError(put(randomBytes(1), { endpoint: '_x_:1' }))).problem).to.equal(
        'this is not the address of an object store.',
      );
      expect(server.requests).to.be.empty;
    });
  });
});

/** In uneven pieces, as a compressor gives them. */
function* pieces(content: Buffer): Generator<Buffer> {
  for (let at = 0, bytes = 1; at < content.length; at += bytes, bytes = (bytes * 3) % 50_021) {
    yield content.subarray(at, at + bytes);
  }
}

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error,
  );
}

async function serviceError(work: Promise<unknown>): Promise<ServiceError> {
  const error = await failure(work);
  expect(error).to.be.instanceOf(ServiceError);
  return error as ServiceError;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function refusedEndpoint(): Promise<string> {
  const server = createServer();
  const endpoint = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return endpoint;
}
