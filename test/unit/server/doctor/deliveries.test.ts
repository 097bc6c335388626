import { expect } from 'chai';

import { checkDeliveries } from '../../../../server/doctor/deliveries.js';
import type { DeliveryFacts } from '../../../../server/github/facts.js';

const URL = 'https://kfops.example.com/webhook';
const PAGE = 'https://github.com/settings/apps/kfops';
const found = (...codes: number[]): ReturnType<typeof checkDeliveries> =>
  checkDeliveries(
    codes.map((code, i): DeliveryFacts => ({
      at: `2026-01-05T09:0${9 - i}:00Z`,
      event: 'issue_comment',
      code,
      status: code === 0 ? 'timed out' : code < 300 ? 'OK' : `Invalid HTTP Response: ${code}`,
    })),
    URL,
    PAGE,
  );

describe('deliveries of the webhook', () => {
  it('are no problem once the latest was accepted', () => {
    expect(found(202, 202)).to.include({ state: 'ok' });
    expect(found(202, 401, 0).found).to.equal(
      'the latest (issue_comment, 2026-01-05T09:09:00Z) was accepted; 2 of the last 3 deliveries failed, the latest at 2026-01-05T09:08:00Z: Invalid HTTP Response: 401',
    );
  });

  it('are not known where there are none', () => {
    expect(found()).to.include({ state: 'unknown' });
  });

  it('failed, if the latest did', () => {
    expect(found(503).found).to.equal(
      'the latest (issue_comment, 2026-01-05T09:09:00Z) failed: Invalid HTTP Response: 503',
    );
    expect(found(0, 202, 401)).to.deep.equal({
      name: 'Deliveries',
      state: 'problem',
      found:
        'the latest (issue_comment, 2026-01-05T09:09:00Z) failed: no answer (timed out); 2 of the last 3 deliveries failed in all',
      nextStep: `check that GitHub reaches ${URL}: DNS, firewall, Ingress, certificate; ${PAGE}/advanced shows each delivery, and can send it again`,
    });
  });

  it('have a next step for each answer of the server and of an Ingress', () => {
    const steps = [0, 301, 401, 403, 404, 411, 413, 415, 429, 500, 502, 503, 504].map((code) => {
      const { state, nextStep = '' } = found(code);
      expect(state, String(code)).to.equal('problem');
      return nextStep.split(';')[0];
    });
    expect(new Set(steps).size).to.equal(10);
    expect(found(401).nextStep).to.include('the secrets differ').and.to.include('webhook_secret_files');
  });
});
