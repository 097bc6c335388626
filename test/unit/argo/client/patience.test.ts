import { expect } from 'chai';
import { KubeConfig } from '@kubernetes/client-node';

import { clientFor } from '../../../../argo/client/client.js';
import { KubernetesError, needsMending, noAnswer } from '../../../../argo/client/errors.js';
import { persist, type Patience } from '../../../../argo/client/patience.js';
import { fakeApi, json } from '../fake-api.js';

const QUICK: Patience = { totalMs: 60_000, firstMs: 1, longestMs: 1 };

describe('argo/patience', () => {
  const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });

  it('repeats what may pass, and nothing that is final', async () => {
    const attemptsAt = async (final: boolean): Promise<number> => {
      let attempts = 0;
      await persist(async () => {
        await Promise.resolve();
        if (++attempts < 3) throw noAnswer('https://api', 'reading', refused, final);
      }, QUICK).catch((error: unknown) => {
        expect(error).to.be.instanceOf(KubernetesError);
      });
      return attempts;
    };
    expect(await attemptsAt(false)).to.equal(3);
    expect(await attemptsAt(true)).to.equal(1);
  });

  it('tells what a person has to mend from what passes', () => {
    const codes = ['ECONNREFUSED', 'ENOTFOUND', 'SELF_SIGNED_CERT_IN_CHAIN', 'CERT_HAS_EXPIRED'];
    for (const code of codes) expect(needsMending(Object.assign(new Error(), { code })), code).to.be.true;
    for (const code of ['EAI_AGAIN', 'ETIMEDOUT', 'ECONNRESET', 'EHOSTUNREACH'])
      expect(needsMending(Object.assign(new Error(), { code })), code).to.be.false;
  });

  it('a refused connection is final for who waits, until the cluster has answered once', async () => {
    const api = await fakeApi((_request, response) => {
      json(response, 200, {});
    });
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromClusterAndUser(
      { name: 'c', server: api.client.address, skipTLSVerify: true },
      { name: 'u' },
    );
    const [waiting, fresh, server] = [
      clientFor(kubeConfig, { failFast: true }),
      clientFor(kubeConfig, { failFast: true }),
      clientFor(kubeConfig),
    ];
    const call = { what: 'reading', path: '/version' };
    await waiting.call(call);
    await api.close();
    const passing: boolean[] = [];
    for (const client of [waiting, fresh, server])
      await client.call(call).catch((error: unknown) => passing.push((error as KubernetesError).passing));
    expect(passing).to.deep.equal([true, false, true]);
  });

  it('says once that there is no answer, and not where one comes in time', async () => {
    const told: number[] = [];
    const patience = { ...QUICK, onWait: (total: number) => told.push(total) };
    await persist(() => Promise.resolve(), patience);
    await persist(async () => {
      await Promise.resolve();
      if (told.length === 0) throw noAnswer('https://api', 'reading', refused);
    }, patience);
    expect(told).to.deep.equal([60_000]);
  });
});
