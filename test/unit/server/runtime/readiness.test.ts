import { expect } from 'chai';
import { pino } from 'pino';

import { Readiness } from '../../../../server/runtime/readiness.js';

/** Looks once at a cluster that refuses these namespaces. */
async function look(namespaces: readonly [string, ...string[]], refused: readonly string[]) {
  const over = new AbortController();
  let up: ReadonlyMap<string, boolean> = new Map();
  const warned: string[] = [];
  const call = ({ path }: { readonly path: string }): Promise<unknown> =>
    refused.some((namespace) => path.includes(`/namespaces/${namespace}/`))
      ? Promise.reject(new Error('403'))
      : Promise.resolve({});
  const context = {
    cluster: { client: { call }, namespaces },
    metrics: {
      buildNamespaces: (isListed: ReadonlyMap<string, boolean>) => {
        up = isListed;
        over.abort();
      },
    },
  };
  const write = (line: string): void => {
    const { msg, namespace } = JSON.parse(line) as { readonly msg: string; readonly namespace?: string };
    if (msg === 'cannot list workflows') warned.push(namespace ?? '');
  };
  const readiness = new Readiness(context as never, pino({}, { write }));
  await readiness.watch(over.signal);
  return { isReady: readiness.reasons().length === 0, up: Object.fromEntries(up), warned };
}

describe('the readiness of a server with several namespaces of builds', () => {
  it('is ready where each can be listed', async () => {
    expect(await look(['a', 'b'], [])).to.deep.equal({
      isReady: true,
      up: { a: true, b: true },
      warned: [],
    });
  });

  it('is ready where one of them cannot, which is named in the log and the metrics', async () => {
    expect(await look(['a', 'b'], ['a'])).to.deep.equal({
      isReady: true,
      up: { a: false, b: true },
      warned: ['a'],
    });
  });

  it('is not ready where none can', async () => {
    const { isReady, warned } = await look(['a', 'b'], ['a', 'b']);
    expect(isReady).to.equal(false);
    expect(warned).to.deep.equal(['a', 'b']);
    expect((await look(['a'], ['a'])).isReady).to.equal(false);
  });
});
