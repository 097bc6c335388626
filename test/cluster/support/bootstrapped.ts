import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ownImages } from '../../../schema/index.js';
import { kfops, type Result } from '../../cli/kfops.js';
import { WEBHOOK_SECRET } from '../../server/served.js';
import { admin, uniqueName } from './build.js';
import type { Certificate } from './certificate.js';
import { ChatopsWorld, type standIns } from './chatops.js';
import { environment } from './environment.js';
import { standInsForPods } from './installed.js';
import { PROFILE } from './kubeflow.js';
import type { TestServer } from './proxy.js';
import { copyImage, deleteImage, digestOf } from './registry.js';

/** Namespaces that no other test uses. */
export const BOOTSTRAPPED = { server: 'bootstrap-system', builds: 'bootstrap-builds' } as const;

/** What `kfops bootstrap` installs; GitHub and git are stand-ins that the pods reach. */
export class BootstrapWorld extends ChatopsWorld {
  override readonly client = admin;
  /** Of Kfops' own images, which builds cannot push to. */
  private readonly imagesRegistry = `${environment.registry}/${uniqueName('bootstrap')}/kfops`;

  private constructor(
    { github, git, local }: Awaited<ReturnType<typeof standIns>>,
    private readonly front: TestServer,
    private readonly certificate: Certificate,
  ) {
    super(github, git, local, { kubeconfig: '', store: environment.minio, settings: {}, patience: 240_000 });
  }

  override get namespace(): string {
    return BOOTSTRAPPED.builds;
  }

  /** The stand-ins, and the registry with Kfops' own images in it. */
  static async open(test: Mocha.Context): Promise<BootstrapWorld> {
    const { made, front, certificate } = await standInsForPods(test);
    const world = new BootstrapWorld(made, front, certificate);
    const own = ownImages({ registry: world.imagesRegistry });
    await copyImage(environment.kfopsImage, own.kfops);
    await copyImage(environment.compilerImage, own.compiler);
    return world;
  }

  /**
   * Runs the command with flags for everything that the cluster doesn't show. The store and its keys are found.
   *
   * @param kfp - address of Kubeflow Pipelines, as pods reach it
   */
  async bootstrap(kfp: string): Promise<Result> {
    const cwd = join(this.folder, 'bootstrap');
    await mkdir(cwd, { recursive: true });
    await writeFile(join(cwd, 'key.pem'), this.github.privateKey);
    await writeFile(join(cwd, 'ca.crt'), this.certificate.cert);
    await writeFile(join(cwd, 'webhook'), `${WEBHOOK_SECRET}\n`);
    const flags: Readonly<Record<string, string>> = {
      registry: `${environment.registry}/${this.path}`,
      'images-registry': this.imagesRegistry,
      'kaniko-image': environment.kanikoImage,
      repository: this.local.name,
      'profile-namespace': PROFILE,
      // Nobody listens there: nothing leaves this machine.
      url: 'https://127.0.0.1:9',
      namespace: BOOTSTRAPPED.builds,
      'server-namespace': BOOTSTRAPPED.server,
      'kfp-endpoint': kfp,
      'github-api-url': `https://${this.front.address}/api/v3`,
      'extra-certificates': 'ca.crt',
      'github-app-id': String(this.github.world.app.id),
      'github-key-file': 'key.pem',
      'webhook-secret-file': 'webhook',
    };
    const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
    return kfops(['bootstrap', '--yes', '--insecure', ...args], {
      cwd,
      env: { KUBECONFIG: environment.adminKubeconfig!, KFOPS_NO_REUSE: '' },
    });
  }

  override async stop(): Promise<void> {
    const { kfops: image, compiler } = ownImages({ registry: this.imagesRegistry });
    for (const reference of [image, compiler]) {
      const colon = reference.lastIndexOf(':');
      const repository = reference.slice(0, colon);
      const digest = await digestOf(repository, reference.slice(colon + 1));
      if (digest !== null) await deleteImage(repository, digest);
    }
    await this.front.close();
    await super.stop();
  }
}
