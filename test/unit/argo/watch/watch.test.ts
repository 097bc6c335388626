import type { ServerResponse } from 'node:http';

import { expect } from 'chai';

import type { ObservedWorkflow } from '../../../../argo/status/observed.js';
import { watchWorkflow } from '../../../../argo/watch/watch.js';
import { fakeApi, json, type FakeApi } from '../fake-api.js';

const PATIENCE = { totalMs: 5_000, firstMs: 1, longestMs: 2 };

function workflow(resourceVersion: string, phase: string, uid = 'u1'): ObservedWorkflow {
  return { metadata: { name: 'w', uid, resourceVersion }, spec: {}, status: { phase } };
}

type Answer = (response: ServerResponse) => void;

const list =
  (...items: ObservedWorkflow[]): Answer =>
  (response) => {
    json(response, 200, { metadata: { resourceVersion: '10' }, items });
  };

const events =
  (...lines: string[]): Answer =>
  (response) => {
    response.writeHead(200);
    response.end(lines.join(''));
  };

const change = (type: string, object: unknown): string => `${JSON.stringify({ type, object })}\n`;

/** Answers lists and watches in this order, and collects what the watch saw. */
async function observe(lists: Answer[], watches: Answer[]): Promise<{ seen: string[]; api: FakeApi }> {
  const api = await fakeApi((request, response) => {
    const answer = (request.url?.includes('watch=true') ? watches : lists).shift();
    if (answer) answer(response);
    else json(response, 500, { message: 'the test has no more answers' });
  });
  try {
    const seen: string[] = [];
    for await (const look of watchWorkflow(api.client, 'ns', 'w', { patience: PATIENCE })) {
      seen.push(look.kind === 'gone' ? 'gone' : (look.workflow.status?.phase ?? ''));
    }
    return { seen, api };
  } finally {
    await api.close();
  }
}

describe('argo/watch', () => {
  it('sees the changes to the end', async () => {
    const { seen, api } = await observe(
      [list(workflow('1', 'Running'))],
      [events(change('MODIFIED', workflow('2', 'Running')), change('MODIFIED', workflow('3', 'Succeeded')))],
    );
    expect(seen).to.deep.equal(['Running', 'Running', 'Succeeded']);
    expect(api.requests[1]).to.contain('resourceVersion=10').and.contain('fieldSelector=metadata.name%3Dw');
  });

  it('does not watch what is finished', async () => {
    const { seen, api } = await observe([list(workflow('1', 'Failed'))], []);
    expect(seen).to.deep.equal(['Failed']);
    expect(api.requests).to.have.length(1);
  });

  it('looks again after a cut line, 410 Gone, a connection that breaks and a server that restarts', async () => {
    const running = list(workflow('1', 'Running'));
    const watches: Answer[] = [
      events('{"type":"MODIFIED","object":{"metadata":{"na'),
      events(change('ERROR', { kind: 'Status', code: 410, reason: 'Expired' })),
      (response) => {
        response.writeHead(200);
        response.write('{"type":', () => response.destroy());
      },
    ];
    const restart: Answer[] = [
      (response) => response.destroy(),
      (response) => {
        json(response, 503, { message: 'starting' });
      },
    ];
    const { seen } = await observe(
      [running, running, running, ...restart, list(workflow('9', 'Succeeded'))],
      watches,
    );
    expect(seen).to.deep.equal(['Running', 'Succeeded']);
    expect(watches, 'all were asked for').to.deep.equal([]);
  });

  it('looks again when a watch is refused for an old version', async () => {
    const { seen } = await observe(
      [list(workflow('1', 'Running')), list(workflow('9', 'Succeeded'))],
      [
        (response) => {
          json(response, 410, { message: 'too old resource version', reason: 'Expired' });
        },
      ],
    );
    expect(seen).to.deep.equal(['Running', 'Succeeded']);
  });

  it('says gone when it is deleted, seen or unseen, and when another has its name', async () => {
    const deleted = await observe(
      [list(workflow('1', 'Running'))],
      [events(change('DELETED', workflow('2', 'Running')))],
    );
    expect(deleted.seen).to.deep.equal(['Running', 'gone']);
    const unseen = await observe([list(workflow('1', 'Running')), list()], [events()]);
    expect(unseen.seen).to.deep.equal(['Running', 'gone']);
    const never = await observe([list()], []);
    expect(never.seen).to.deep.equal(['gone']);
    const another = await observe(
      [list(workflow('1', 'Running')), list(workflow('5', 'Succeeded', 'u2'))],
      [events()],
    );
    expect(another.seen).to.deep.equal(['Running', 'gone']);
  });

  it('goes on past refusals of a server that has just restarted and does not know the roles yet', async () => {
    const forbidden: Answer = (response) => {
      json(response, 403, { reason: 'Forbidden', message: 'no role was found' });
    };
    const { seen } = await observe(
      [list(workflow('1', 'Running')), forbidden, forbidden, list(workflow('9', 'Succeeded'))],
      [events()],
    );
    expect(seen).to.deep.equal(['Running', 'Succeeded']);
  });

  it('gives up at once where it is refused', async () => {
    const refused = await observe(
      [
        (response) => {
          json(response, 403, { reason: 'Forbidden', message: 'no' });
        },
      ],
      [],
    ).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refused).to.include({ status: 403 });
  });
});
