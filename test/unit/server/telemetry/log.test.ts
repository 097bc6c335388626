import { expect } from 'chai';

import { createLog, type Logger } from '../../../../server/telemetry/log.js';

type Entry = Record<string, unknown>;

describe('createLog', () => {
  let lines: string[];
  const to = { write: (line: string) => lines.push(line) > 0 };
  beforeEach(() => {
    lines = [];
  });
  const entries = (): Entry[] => lines.map((line) => JSON.parse(line) as Entry);

  it('writes one line of JSON for each entry, with its level and time as words', () => {
    createLog({ level: 'info', to }).child({ delivery: 'a-b' }).warn({ pullRequest: 7 }, 'two\nlines');
    expect(lines).to.have.length(1);
    expect(lines[0]).to.match(/^\{.*\}\n$/);
    const [{ time, ...rest } = {}] = entries();
    expect(rest).to.deep.equal({ level: 'warn', delivery: 'a-b', pullRequest: 7, msg: 'two\nlines' });
    expect(new Date(String(time)).toISOString()).to.equal(time);
  });

  it('leaves out what is less important than its level', () => {
    const log = createLog({ level: 'warn', to });
    log.info('no');
    log.error('yes');
    expect(entries().map(({ msg }) => msg)).to.deep.equal(['yes']);
  });

  it('tells an error with its causes, and nothing else that hangs on it', () => {
    const cause = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    const error = Object.assign(new Error('GitHub did not answer', { cause }), {
      status: 502,
      request: { url: 'https://api.github.com' },
      response: { data: 'long' },
    });
    createLog({ level: 'info', to }).error({ err: error }, 'failed');
    createLog({ level: 'info', to }).error(error);
    for (const entry of entries()) {
      const { stack, cause: why, ...rest } = entry.err as Entry;
      expect(rest).to.deep.equal({ name: 'Error', message: 'GitHub did not answer', status: 502 });
      expect(stack).to.be.a('string');
      expect(why).to.include({ message: 'socket hang up', code: 'ECONNRESET' });
    }
  });

  it('tells a code that is a text, and a status that is a number', () => {
    const error = Object.assign(new Error('refused'), { code: { any: 'thing' }, status: 'any thing' });
    createLog({ level: 'info', to }).error(error);
    expect(entries()[0]?.err).to.have.all.keys('name', 'message', 'stack');
  });

  it('tells three causes of an error', () => {
    const chain = ['one', 'two', 'three', 'four', 'five'].reduceRight<Error | undefined>(
      (cause, message) => new Error(message, { cause }),
      undefined,
    );
    createLog({ level: 'info', to }).error(chain);
    const told: unknown[] = [];
    for (let err = entries()[0]?.err as Entry | undefined; err; err = err.cause as Entry | undefined)
      told.push(err.message);
    expect(told).to.deep.equal(['one', 'two', 'three', 'four']);
  });

  it('ends where causes go in circles', () => {
    const error = new Error('round');
    error.cause = error;
    createLog({ level: 'info', to }).error({ err: error });
    createLog({ level: 'info', to }).error({ err: 'thrown text' });
    createLog({ level: 'info', to }).error({ err: { any: 'thing' } });
    expect(
      entries().map(({ err }) => (typeof err === 'string' ? err : (err as Entry).message)),
    ).to.deep.equal(['round', 'thrown text', 'object']);
  });
});

describe('threat 30: secrets in the log', () => {
  const CANARY = 'canary-5f1e"\\quoted';
  const KEY = '-----BEGIN RSA PRIVATE KEY-----\nMIIEcanary\nabc\n-----END RSA PRIVATE KEY-----\n';
  const SECRETS = {
    'a token of an installation': `ghs_${'c4nary'.repeat(6)}`,
    'a token with dots': `ghs_c4naryc4naryc4nary.c4nary.c4nary-c4nary`,
    'a personal token': 'github_pat_11AAAAAAA0c4naryc4nary_c4nary',
    'a JSON web token': 'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOjF9.c4nary',
    'a header': 'Bearer c4naryc4nary==',
    'basic credentials': 'Basic eDpjNG5hcnk=',
    'an address': 'https://x-access-token:c4nary@github.com/o/r.git',
    'an address with a token alone': 'https://c4nary@github.com/o/r.git',
    'a token of another maker': `glpat-${'c4nary'.repeat(4)}`,
    'a key of AWS': 'ASIAC4NARYC4NARYC4NA',
  };
  let lines: string[];
  let log: Logger;
  beforeEach(() => {
    lines = [];
    const to = { write: (line: string) => lines.push(line) > 0 };
    log = createLog({ level: 'trace', to, secrets: () => [CANARY, KEY, ''] });
  });
  const written = (): string => {
    for (const line of lines) JSON.parse(line);
    return lines.join('');
  };

  it('what the process holds is masked wherever it turns up', () => {
    log.info(`before ${CANARY} after`);
    log.child({ [CANARY]: 1 }).debug({ deep: { list: [`x${CANARY}`] } });
    log.error({ err: new Error(`refused: ${CANARY}`) });
    log.info({ file: KEY });
    expect(written()).not.to.match(/5f1e|MIIE/);
    expect(written()).to.include('before *** after');
  });

  it('what the process holds is masked from six characters on', () => {
    const to = { write: (line: string) => lines.push(line) > 0 };
    createLog({ level: 'info', to, secrets: () => ['sixsix', 'fives'] }).info('a sixsix b fives c');
    expect(written()).to.include('a *** b fives c');
  });

  for (const [what, secret] of Object.entries(SECRETS)) {
    it(`${what} is masked by its form`, () => {
      log.info(`got ${secret} here`);
      log.info({ value: [secret] });
      log.error({ err: new Error('x', { cause: new Error(secret) }) });
      expect(written()).not.to.match(/c4nary|C4NARY|eDpjNG5hcnk/);
      expect(written()).to.include('***');
    });
  }

  it('fields that hold secrets are masked by their name, and headers are never written', () => {
    const names = ['authorization', 'headers', 'pem', 'privateKey', 'secret', 'signature', 'token'];
    for (const name of names) {
      log.info({ [name]: 'canary' });
      log.info({ a: { [name]: { x: 'canary' } } });
      log.info({ a: { b: { [name]: 'canary' } } });
      log.child({ [name]: 'canary' }).info('child');
    }
    expect(written()).not.to.include('canary');
  });

  it('a line stays one entry of JSON, whatever is masked in it', () => {
    log.info({ a: 'see https://x:', b: 'y@z', c: '-----BEGIN PRIVATE KEY-----', d: 'after' }, 'Basic Bearer');
    expect(JSON.parse(written())).to.include({ a: 'see https://x:', b: 'y@z', c: '***', d: 'after' });
  });

  it('so does one with a key in a quotation', () => {
    log.info({ a: 'read "-----BEGIN PRIVATE KEY-----\nc4nary\n" of it', b: 'after' });
    expect(JSON.parse(written())).to.deep.include({ a: 'read "***', b: 'after' });
  });

  it('what only looks like a secret stays', () => {
    const text =
      'token of o/r, commit 1234567890abcdef1234567890abcdef12345678, https://github.com/o/r, ghs_short';
    log.info(text);
    expect(written()).to.include(text);
  });
});
