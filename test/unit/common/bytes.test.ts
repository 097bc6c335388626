import { expect } from 'chai';

import { formatBytes } from '../../../common/bytes.js';

describe('formatBytes', () => {
  const sizes: readonly (readonly [bytes: number, text: string])[] = [
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1_258_291, '1.2 MiB'],
    [1024 * 1024 - 1, '1.0 MiB'],
    [150 * 1024 ** 2, '150 MiB'],
    [2 * 1024 ** 3, '2.0 GiB'],
    [5000 * 1024 ** 4, '5000 TiB'],
  ];
  for (const [bytes, text] of sizes) {
    it(`writes ${bytes} as ${text}`, () => {
      expect(formatBytes(bytes)).to.equal(text);
    });
  }
});
