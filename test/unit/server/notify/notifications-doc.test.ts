import { Ajv } from 'ajv';
import { expect } from 'chai';
import { readFileSync } from 'node:fs';

import { parseConfig, parseSettings } from '../../../../schema/index.js';
import { checkNotify } from '../../../../server/rules/check-notify.js';
import { webhookBody, webhookHeaders } from '../../../../server/notify/webhook.js';
import { message, PUSHED } from './messages.js';

const text = (name: string): string =>
  readFileSync(new URL(`../../../../docs/${name}`, import.meta.url), 'utf8');

/** The blocks of the page in a language, without their indent. */
function blocks(language: string): string[] {
  const found = [...text('notifications.md').matchAll(/^( *)```(\w+)\n([^]*?)^ *```$/gm)];
  return found.flatMap(([, indent = '', name, block = '']) =>
    name === language ? [block.replaceAll(new RegExp(`^${indent}`, 'gm'), '')] : [],
  );
}

type Verify = (headers: Record<string, string>, body: string, secret: string) => boolean;

describe('docs/notifications.md', () => {
  it('has settings and a config.yaml that are valid', () => {
    const [settings = '', config = ''] = blocks('yaml');
    const parsed = parseSettings(`${settings}server: { repositories: [acme/iris] }\n`, { file: 's' });
    expect(checkNotify(parsed)).to.deep.equal([]);
    const whole = `repository: { owner: acme, name: iris }\npipeline: { name: a, namespace: b, experiment_name: c, pipeline_path: p.py }\n${config}`;
    expect(parseConfig(whole, { file: 'c' }).value.notify?.channels).to.deep.equal(['ml-team']);
  });

  it('has the schema of what is sent, and of its sample', () => {
    const schema = JSON.parse(text('notification.schema.json')) as object;
    const isValid = new Ajv({ strict: true }).compile(schema);
    const bodies = [
      blocks('json')[0]!,
      webhookBody(message(), 'audit'),
      webhookBody(message({ event: 'recovered', failures: [] }), 'audit'),
      webhookBody(message({}, PUSHED), 'audit'),
      webhookBody(message({ problem: 'the deadline passed', failures: [] }), 'audit'),
    ];
    for (const body of bodies) {
      expect(isValid(JSON.parse(body)), JSON.stringify(isValid.errors)).to.equal(true);
    }
    const keys = (body = ''): string[] => Object.keys(JSON.parse(body) as object);
    expect(keys(bodies[0]), 'every key of the sample').to.deep.equal(keys(bodies[1]));
  });

  it('threat 77: its code accepts what is sent, and no forged, changed or old request', async () => {
    const source = blocks('js')[0]!;
    const { isFromKfops } = (await import(`data:text/javascript,${encodeURIComponent(source)}`)) as {
      readonly isFromKfops: Verify;
    };
    const body = webhookBody(message({ summary: 'trainér failed' }), 'audit');
    const facts = { id: 'x', event: 'failed', seconds: Date.now() / 1000 };
    const headers = webhookHeaders(body, 's3cret', facts);
    expect(isFromKfops(headers, body, 's3cret')).to.equal(true);
    expect(isFromKfops(headers, body, 'other')).to.equal(false);
    expect(isFromKfops(headers, body.replace('17', '18'), 's3cret')).to.equal(false);
    expect(isFromKfops({}, body, 's3cret')).to.equal(false);
    expect(isFromKfops({ ...headers, 'x-kfops-signature-256': 'é' }, body, 's3cret')).to.equal(false);
    const later = String(Number(headers['x-kfops-timestamp']) + 1);
    expect(isFromKfops({ ...headers, 'x-kfops-timestamp': later }, body, 's3cret')).to.equal(false);
    const old = webhookHeaders(body, 's3cret', { ...facts, seconds: facts.seconds - 600 });
    expect(isFromKfops(old, body, 's3cret')).to.equal(false);
  });
});
