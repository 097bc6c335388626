import { expect } from 'chai';

import { checkClock, readApiClock } from '../../../../argo/doctor/clock.js';
import { fakeApi, json } from '../fake-api.js';

const HERE = Date.parse('2026-06-01T12:00:00Z');

describe('argo/doctor/clock', () => {
  for (const [seconds, state, words] of [
    [0, 'ok', 'agrees with that of the store'],
    [59, 'ok', 'agrees with that of the store'],
    [-60, 'unknown', 'this machine’s clock is 1 minute ahead of that of the store'],
    [61, 'unknown', 'this machine’s clock is 1 minute behind that of the store'],
    [899, 'unknown', 'this machine’s clock is 14 minutes behind that of the store'],
    [900, 'problem', 'this machine’s clock is 15 minutes behind that of the store'],
    [-7200, 'problem', 'this machine’s clock is 2 hours ahead of that of the store'],
  ] as const)
    it(`${seconds} seconds: ${state}`, () => {
      const check = checkClock('the store', { date: new Date(HERE + seconds * 1000), here: HERE });
      expect(check).to.include({ name: 'Clock', state, found: words });
      expect(check.nextStep === undefined).to.equal(state === 'ok');
    });

  it('reads the clock of the API server, also where the answer has no body that matters', async () => {
    const date = 'Mon, 01 Jun 2026 12:00:00 GMT';
    const api = await fakeApi((_, response) => {
      json(response, 200, {}, { date });
    });
    const reading = await readApiClock(api.client);
    await api.close();
    expect(reading?.date.getTime()).to.equal(HERE);
    expect(reading?.here).to.be.a('number');
  });

  it('knows no time where the API server refuses, or says none', async () => {
    for (const [status, headers] of [
      [403, {}],
      [200, { date: 'yesterday' }],
    ] as const) {
      const api = await fakeApi((_, response) => {
        json(response, status, { message: 'no' }, headers);
      });
      expect(await readApiClock(api.client)).to.equal(undefined);
      await api.close();
    }
  });
});
