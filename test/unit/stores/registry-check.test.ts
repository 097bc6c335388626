import { expect } from 'chai';

import { checkRegistry } from '../../../stores/registry-check.js';
import { RegistryStandIn } from '../../fixtures/registry-stand-in.js';

describe('the check of a registry', () => {
  it('finds the URL of a registry that answers', async () => {
    const registry = await RegistryStandIn.start();
    try {
      const url = await checkRegistry({ host: registry.host, insecure: true });
      expect(url).to.equal(`http://${registry.host}`);
    } finally {
      await registry.stop();
    }
  });

  for (const host of ['1.2.3.4.5', 'example.256', 'ghcr.io:99999'])
    it(`reports that ${host} is not the name of a host`, async () => {
      const error: unknown = await checkRegistry({ host, insecure: false }).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).to.have.property('message', `Registry at ${host}: this is not the name of a host`);
    });
});
