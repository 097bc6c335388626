import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect } from 'chai';

import { readServerClock } from '../../../stores/server-clock.js';

describe('stores/server-clock', () => {
  for (const [date, time] of [
    ['Mon, 01 Jun 2026 12:00:00 GMT', Date.parse('2026-06-01T12:00:00Z')],
    ['yesterday', undefined],
  ] as const)
    it(`reads ${date} from any answer, without following it`, async () => {
      const server = createServer((_, response) => {
        response.writeHead(307, { date, location: 'http://127.0.0.1:1/' }).end();
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const reading = await readServerClock(`http://127.0.0.1:${port}`);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      expect(reading?.date.getTime()).to.equal(time);
    });

  it('knows no time of a server that does not answer', async () => {
    expect(await readServerClock('http://127.0.0.1:1')).to.equal(undefined);
  });
});
