import { expect } from 'chai';

import { registryUrls } from '../../../../stores/registry/endpoints.js';

describe('where a registry is', () => {
  for (const [host, insecure, expected] of [
    ['docker.io', false, ['https://registry-1.docker.io/']],
    ['ghcr.io', false, ['https://ghcr.io/']],
    ['registry.example:5000', false, ['https://registry.example:5000/']],
    ['registry.example:5000', true, ['https://registry.example:5000/', 'http://registry.example:5000/']],
    ['10.0.0.1', false, ['https://10.0.0.1/']],
    ['localhost', false, ['https://localhost/', 'http://localhost/']],
    ['127.0.0.1:5000', false, ['https://127.0.0.1:5000/', 'http://127.0.0.1:5000/']],
    ['[::1]:5000', false, ['https://[::1]:5000/', 'http://[::1]:5000/']],
    ['[fe80::1]:5000', false, ['https://[fe80::1]:5000/']],
    ['localhost.example', false, ['https://localhost.example/']],
    ['127.0.0.1.example', false, ['https://127.0.0.1.example/']],
  ] as const)
    it(`${host}${insecure ? ', insecure' : ''}`, () => {
      expect(registryUrls(host, insecure).map(({ href }) => href)).to.deep.equal(expected);
    });
});
