import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

import { apiPath } from '../../../argo/client/client.js';
import type { KubernetesObject } from '../../../argo/objects/apply.js';
import type { WebhookReceiver } from '../../server/process.js';
import { WEBHOOK_SECRET } from '../../server/served.js';
import { admin, testSettings } from './build.js';
import type { Certificate } from './certificate.js';
import { ChatopsWorld, type standIns } from './chatops.js';
import { kubectl } from './commands.js';
import { environment, need } from './environment.js';
import { AUTHORITIES, type Installation } from './installation.js';
import { PROFILE } from './kubeflow.js';
import { applyAll, objectsIn } from './objects.js';
import type { TestServer } from './proxy.js';
import { standInsForPods } from './stand-ins.js';

/** The server in pods, as somebody installs it; GitHub and git are stand-ins that the pods reach. */
export class InstalledWorld extends ChatopsWorld {
  override readonly client = admin;

  private constructor(
    { github, git, local }: Awaited<ReturnType<typeof standIns>>,
    private readonly front: TestServer,
    private readonly certificate: Certificate,
    private readonly installation: Installation,
  ) {
    super(github, git, local, { kubeconfig: '', store: environment.minio, settings: {}, patience: 240_000 });
  }

  override get namespace(): string {
    return this.installation.builds;
  }

  static async open(test: Mocha.Context, installation: Installation): Promise<InstalledWorld> {
    need(test, environment.helm, 'helm (KFOPS_TEST_HELM)');
    const { made, front, certificate } = await standInsForPods(test);
    return new InstalledWorld(made, front, certificate, installation);
  }

  override async stop(): Promise<void> {
    await this.front.close();
    await super.stop();
  }

  /** What comes before the installation: the namespace of the server, Secrets, the authority of GitHub's certificate. */
  async prepare(): Promise<void> {
    const { server, prepare } = this.installation;
    const { accessKey, secretKey } = environment.minio;
    await prepare({
      accesskey: accessKey,
      secretkey: secretKey,
      'pull-password': 'a password',
      'slack-address.txt': 'https://slack.example.com/hook',
      'private-key.pem': this.github.privateKey,
      'webhook-secret': WEBHOOK_SECRET,
    });
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    await applyAll([
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: server, labels } },
      this.authorities(server),
    ]);
  }

  /** The ConfigMap with the authority of GitHub's certificate. */
  authorities(namespace: string): KubernetesObject {
    const data = { 'ca.crt': this.certificate.cert };
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: AUTHORITIES, namespace }, data };
  }

  /** @param kfp - address of Kubeflow Pipelines, as pods reach it */
  async install(kfp: string): Promise<WebhookReceiver> {
    const app = { id: this.github.world.app.id, private_key_file: '/etc/kfops/github/private-key.pem' };
    const { server, install } = this.installation;
    await install(this.settingsOfPods(kfp, { app }), this.settingsOfPods(kfp, {}));
    return receiverIn(server);
  }

  /** The last lines of the server's pods. */
  async logs(): Promise<string> {
    return kubectl('logs', '-n', this.installation.server, '-l', 'app.kubernetes.io/name=kfops-server');
  }

  /** Paths are those of the volumes in the server's Deployment. The store is found, not named. */
  private settingsOfPods(kfp: string, app: object): object {
    const { kaniko, compiler, kfops } = testSettings();
    return {
      registries: [environment.registry],
      kaniko: { image: kaniko.image },
      compiler: { image: compiler.image },
      kfops: { image: kfops.image },
      kfp: { endpoint: kfp },
      argo: { url: 'https://argo.example.com' },
      build: { reuse: false },
      server: {
        url: 'https://kfops.example.com',
        repositories: [this.local.name],
        namespaces: [PROFILE],
        insecure_registries: [environment.registry],
        github: {
          api_url: `https://${this.front.address}/api/v3`,
          ...app,
          webhook_secret_files: ['/etc/kfops/github/webhook-secret'],
        },
        minio: {
          access_key_file: '/etc/kfops/minio/accesskey',
          secret_key_file: '/etc/kfops/minio/secretkey',
        },
      },
    };
  }
}

/** The server that is installed in this namespace, as soon as it answers. */
export async function receiverIn(namespace: string): Promise<WebhookReceiver> {
  const { spec } = await admin.call<{ readonly spec: { readonly clusterIP: string } }>({
    what: 'reading the address of the server',
    path: apiPath('api', 'v1', 'namespaces', namespace, 'services', 'kfops-server'),
  });
  const address = `http://${spec.clusterIP}`;
  // The node learns of the pods behind a Service a moment after they are ready.
  while (!(await answers(`${address}/readyz`))) await wait(200);
  return { webhook: `${address}/webhook` };
}

function answers(address: string): Promise<boolean> {
  return fetch(address).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** What deploy/kubeflow-profile gives, for the account of the namespace of builds. */
export async function publisherRights({ builds }: Installation): Promise<readonly KubernetesObject[]> {
  const file = new URL('../../../deploy/kubeflow-profile/publisher.yaml', import.meta.url);
  const text = (await readFile(file, 'utf8')).replace('namespace: kfops', `namespace: ${builds}`);
  return objectsIn(text).map((object) => ({
    ...object,
    metadata: { name: `publisher-of-${builds}`, namespace: PROFILE },
  }));
}
