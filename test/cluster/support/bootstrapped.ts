import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';

import { ownImages } from '../../../schema/index.js';
import { BIN, kfops, type Result } from '../../cli/kfops.js';
import { WEBHOOK_SECRET } from '../../server/served.js';
import { manifestForm } from '../../support/manifest-form.js';
import { Terminal } from '../../support/terminal.js';
import { admin, uniqueName } from './build.js';
import { ChatopsWorld, type standIns } from './chatops.js';
import { environment, need } from './environment.js';
import { PROFILE } from './kubeflow.js';
import type { TestServer } from './proxy.js';
import { standInsForPods } from './stand-ins.js';
import { deleteImage, digestOf } from './registry.js';

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
  ) {
    super(github, git, local, { kubeconfig: '', store: environment.minio, settings: {}, patience: 240_000 });
  }

  override get namespace(): string {
    return BOOTSTRAPPED.builds;
  }

  /** The stand-ins. Kfops' own images are in no registry. */
  static async open(test: Mocha.Context): Promise<BootstrapWorld> {
    need(test, environment.pythonBase, 'base with Python’s packages (KFOPS_TEST_PYTHON_BASE)');
    need(test, environment.nodeBase, 'base with Node’s packages (KFOPS_TEST_NODE_BASE)');
    const { made, front, certificate } = await standInsForPods(test);
    const world = new BootstrapWorld(made, front);
    await mkdir(world.cwd, { recursive: true });
    await writeFile(join(world.cwd, 'ca.crt'), certificate.cert);
    return world;
  }

  /**
   * Answers what the command asks in a terminal, makes the App on its page, and waits for its end. The store and its
   * keys are found.
   *
   * @param kfp - address of Kubeflow Pipelines, as pods reach it
   * @returns all that it wrote
   */
  async bootstrapInTerminal(kfp: string): Promise<string> {
    const args = ['bootstrap', '--insecure', ...this.flags(kfp), ...buildFlags()];
    const env = { PATH: process.env.PATH, HOME: this.cwd, TERM: 'xterm', ...this.variables };
    const terminal = new Terminal([process.execPath, BIN, ...args], { cwd: this.cwd, env });
    for (const [question, answer] of this.answers()) await terminal.answers(question, answer);
    await terminal.answers(/Install\? yes\/no \[yes\]: /, 'y');
    const [page] = await terminal.reads(/http:\/\/127\.0\.0\.1:\S+/);
    const { state } = await manifestForm(page);
    const keys = { pem: this.github.privateKey, webhook_secret: WEBHOOK_SECRET };
    this.github.world.manifestCodes.set('once', keys);
    const done = await fetch(new URL(`/setup/done?code=once&state=${state}`, page));
    expect(await done.text()).to.include('kfops-github');
    expect(await terminal.ended, terminal.text).to.equal(0);
    return terminal.text;
  }

  /** The same without a person; the App is in the cluster. */
  async bootstrapAgain(kfp: string): Promise<Result> {
    const answers = this.answers().flatMap(([, answer, flag]) => (flag === undefined ? [] : [flag, answer]));
    const args = ['bootstrap', '--yes', '--insecure', ...this.flags(kfp), ...answers, ...buildFlags()];
    return kfops(args, { cwd: this.cwd, env: this.variables });
  }

  /** Where the command runs. */
  private get cwd(): string {
    return join(this.folder, 'bootstrap');
  }

  private get variables(): Readonly<Record<string, string>> {
    const certificates = { NODE_EXTRA_CA_CERTS: join(this.cwd, 'ca.crt') };
    return {
      KUBECONFIG: environment.adminKubeconfig!,
      KFOPS_NO_REUSE: '',
      KFOPS_SETTINGS: '',
      ...certificates,
    };
  }

  /** Each question, the answer, and the flag for it. */
  private answers(): readonly (readonly [RegExp, string, string?])[] {
    return [
      [/Registry for your teams’ images[^:]*: /, `${environment.registry}/${this.path}`, '--registry'],
      [/Registry for Kfops’ own two images.*: /, this.imagesRegistry, '--images-registry'],
      [/Repository on GitHub[^:]*: /, this.local.name, '--repository'],
      // Nobody listens there: nothing leaves this machine.
      [/Public address of the server[^:]*: /, 'https://127.0.0.1:9', '--url'],
      [/Kubeflow namespace in which pipelines can run[^:]*: /, PROFILE, '--profile-namespace'],
      // The registry of the node needs none.
      [/Docker config\.json with a login for .*\(empty: none\): /, ''],
    ];
  }

  /** What is not asked for and this cluster doesn't show. */
  private flags(kfp: string): readonly string[] {
    const flags: Readonly<Record<string, string>> = {
      'kaniko-image': environment.kanikoImage,
      namespace: BOOTSTRAPPED.builds,
      'server-namespace': BOOTSTRAPPED.server,
      'kfp-endpoint': kfp,
      'github-api-url': `https://${this.front.address}/api/v3`,
      'extra-certificates': 'ca.crt',
    };
    return Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
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

/** How the images are built where no registry of the internet is reached, and whatever was built before. */
function buildFlags(): readonly string[] {
  return [environment.nodeBase!, environment.pythonBase!].flatMap((base, at) =>
    [`build_args.BASE=${base}`, 'cache=false', 'snapshot_mode=redo'].flatMap((value) => [
      '--set',
      `image_builder.images.${at}.${value}`,
    ]),
  );
}
