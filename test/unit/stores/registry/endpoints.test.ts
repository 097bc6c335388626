import { expect } from 'chai';

import { registryUrls } from '../../../../stores/registry/endpoints.js';
import { RegistryError } from '../../../../stores/registry/errors.js';

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

  for (const host of ['1.2.3.4.5', 'example.256', 'ghcr.io:99999', 'localhost:99999'])
    it(`no URL has the host ${host}`, () => {
      expect(() => registryUrls(host, false)).to.throw(RegistryError, 'this is not the name of a host');
    });
});
