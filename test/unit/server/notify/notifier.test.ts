import { expect } from 'chai';
import { pino } from 'pino';

import { ANNOTATIONS, LABELS } from '../../../../generator/workflow/names.js';
import { defaultSettings } from '../../../../schema/index.js';
import { notifyBuilds } from '../../../../server/notify/notifier.js';
import { startKubernetes, type KubernetesStandIn } from '../../../fixtures/kubernetes.js';
import { serverWorkflow } from '../../../support/argo-status.js';

const NOTICE = {
  event: 'failed',
  time: '2026-01-02T03:06:07Z',
  summary: 'trainer failed',
  more: 0,
  failures: [],
};

describe('server/notify/notifier: threat 44', () => {
  let api: KubernetesStandIn;
  beforeEach(async () => {
    api = await startKubernetes(2_000);
  });
  afterEach(() => api.close());

  /**
   * Notifies of a workflow of acme/churn, whose builds run in `own`.
   *
   * @returns its label at the end, and what was sent
   */
  async function notified(namespace: string, repositories = ['acme/churn']) {
    const over = new AbortController();
    const sent: string[] = [];
    const workflows = api.collection('workflows', namespace);
    const made = serverWorkflow('w');
    const { labels, annotations } = made.metadata;
    workflows.create({
      ...made,
      metadata: {
        ...made.metadata,
        labels: { ...labels, [LABELS.notify]: 'failed' },
        annotations: { ...annotations, [ANNOTATIONS.notice]: JSON.stringify(NOTICE) },
      },
    });
    const settings = defaultSettings();
    const channel = { name: 'audit', kind: 'slack', repositories: ['*/*'], always: true } as const;
    const options = {
      cluster: { client: api.client, namespaces: ['own', 'elsewhere'], namespaceOf: () => 'own' },
      settings: {
        ...settings,
        server: { ...settings.server, repositories },
        notify: [{ ...channel, on: ['failed'], url: 'https://hooks.example/x', allow_private: false }],
      },
      render: { web: 'https://github.com' },
      metrics: { notification: () => undefined },
      log: pino({ level: 'silent' }),
      post: ({ body }: { readonly body: string }) => {
        sent.push(body);
        return Promise.resolve({ kind: 'sent' });
      },
    };
    const running = notifyBuilds(options as never, over.signal);
    const label = (): string | undefined => workflows.objects.get('w')?.metadata.labels?.[LABELS.notify];
    while (label() === 'failed') await new Promise(setImmediate);
    over.abort(new Error('the test is over'));
    await running;
    return { label: label(), sent: sent.length };
  }

  it('sends what a workflow in the namespace of its repository says', async () => {
    expect(await notified('own')).to.deep.equal({ label: 'done', sent: 1 });
  });

  it('sends nothing of a workflow in another namespace, where another team could forge it', async () => {
    expect(await notified('elsewhere')).to.deep.equal({ label: 'undelivered', sent: 0 });
  });

  it('sends nothing for a repository that is not served', async () => {
    expect(await notified('own', ['acme/other'])).to.deep.equal({ label: 'undelivered', sent: 0 });
  });
});
