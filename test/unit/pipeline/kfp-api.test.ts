import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect } from 'chai';

import { KFP_DESCRIPTION, type KfpCallType } from '../../fixtures/kfp-api.js';
import { KfpServer } from '../../fixtures/kfp-server.js';
import { pythonOrSkip } from '../../fixtures/python.js';

const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));

/** What the official client has. */
interface Client {
  readonly version: string;
  readonly calls: Readonly<Record<string, KfpCallType>>;
  readonly objects: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly enums: Readonly<Record<string, readonly string[]>>;
}

/** The client's names of what has a shorter one here. */
const CLIENT_NAMES: Readonly<Record<string, string>> = {
  Status: 'GoogleRpcStatus',
  RecurringRunMode: 'RecurringRunMode',
  ChildTask: 'PipelineTaskDetailChildTask',
  string: 'str',
  time: 'datetime',
  integer: 'int',
  boolean: 'bool',
  any: 'object',
};

function clientType(type: string): string {
  if (type === '[any]') return 'list[ProtobufAny]';
  if (type.startsWith('[')) return `list[${clientType(type.slice(1, -1))}]`;
  if (type.startsWith('{')) return `dict(str, ${clientType(type.slice(1, -1))})`;
  return CLIENT_NAMES[type] ?? `V2beta1${type}`;
}

describe('the description of KFP’s API and its official client', function () {
  this.timeout(120_000);
  let python: string;
  before(function () {
    python = pythonOrSkip(this);
  });
  const run = async (script: string, ...args: readonly string[]): Promise<string> =>
    (await promisify(execFile)(python, [fixture(script), ...args])).stdout;

  it('agree on calls, fields and enums', async () => {
    const client = JSON.parse(await run('kfp_models.py')) as Client;
    expect(client.version).to.match(/^2\.17\./);
    for (const [call, { query = [], body, answer }] of Object.entries(KFP_DESCRIPTION.calls))
      expect(client.calls[call], call).to.deep.equal({
        query,
        body: body === undefined ? null : clientType(body),
        answer: clientType(answer),
      });
    for (const [name, fields] of Object.entries(KFP_DESCRIPTION.objects))
      for (const [field, type] of Object.entries(fields))
        expect(client.objects[clientType(name)]?.[field], `${name}.${field}`).to.equal(clientType(type));
    for (const [name, values] of Object.entries(KFP_DESCRIPTION.enums))
      expect(client.enums[clientType(name)], name).to.deep.equal(values);
  });

  it('take the stand-in for a server: a pipeline is published, run and stopped', async () => {
    const server = await KfpServer.start();
    try {
      const output = await run('kfp_client.py', server.endpoint, fixture('pipelines/flowers.yaml'));
      expect(JSON.parse(output.trim().split('\n').at(-1) ?? '')).to.deep.equal({
        multi_user: true,
        found: 'Flowers',
        versions: ['v1'],
        experiments: 1,
        ended: 'SUCCEEDED',
        history: ['PENDING', 'RUNNING', 'SUCCEEDED'],
        stopped: 'CANCELING',
        runs: 2,
      });
      expect(server.problems).to.deep.equal([]);
    } finally {
      await server.stop();
    }
  });
});
