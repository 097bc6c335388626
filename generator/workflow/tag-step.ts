import type { Plan } from '../plan/plan-types.js';
import type { DigestOf } from './compile-step.js';
import { NAMES } from './names.js';
import { registryLogin } from './registry-login.js';
import { retryStrategy } from './retry.js';
import type { WorkflowSettings } from './settings.js';
import { stepContainer } from './step-container.js';
import { digestText } from './step-output.js';
import { OUT, READABLE, READS_TOKENS, stepAccount, stepMetadata, WRITABLE, type Step } from './step.js';

/** The step itself ends after ten minutes of registries that do not answer; the image is pulled meanwhile, too. */
const DEADLINE_SECONDS = 1800;
const IMAGES = '/kfops/images.json';

/** What the step `tag` does, as it gets it. */
export interface TagWork {
  readonly images: readonly ImageToTag[];
  readonly bases: readonly BaseToCheck[];
}

/** An image that is in its registry already, and the tag that it gets. */
export interface ImageToTag {
  readonly name: string;
  /** With its registry, without a tag. */
  readonly repository: string;
  readonly digest: string;
  readonly tag: string;
  /** Plain http and unverified certificates are allowed for its registry. */
  readonly insecure?: boolean;
}

/** A base image, and the digest that its tag must have. */
export interface BaseToCheck {
  readonly name: string;
  readonly repository: string;
  readonly tag: string;
  /** In a workflow, Argo fills in what a build reports. */
  readonly digest: string;
  /** The digest is that of this platform's manifest. */
  readonly platform?: string;
  readonly insecure?: boolean;
}

/**
 * The step that gives images which are not built again the tag of this build, and checks that the tags of base images
 * still have the digests that are expected. It has the registry logins of the builds, and runs none of the repository's code. It fails for no
 * registry: its output `tags` (`TagOutput` in JSON) says what did not work.
 *
 * @returns undefined where it has nothing to do
 */
export function tagStep(
  plan: Plan,
  settings: WorkflowSettings,
  bases: readonly BaseToCheck[] = [],
): Step | undefined {
  const work: TagWork = { images: imagesToTag(plan), bases };
  if (work.images.length === 0 && bases.length === 0) return undefined;
  const login = registryLogin(plan.kaniko);
  return {
    task: {
      name: NAMES.tag,
      template: NAMES.tag,
      arguments: { artifacts: [{ name: 'tag-work', raw: { data: JSON.stringify(work) } }] },
    },
    template: {
      name: NAMES.tag,
      metadata: stepMetadata('tag'),
      inputs: { artifacts: [{ name: 'tag-work', path: IMAGES, mode: READABLE }] },
      outputs: {
        parameters: [{ name: 'tags', valueFrom: { path: `${OUT}/result.json`, default: '{}' } }],
      },
      ...stepAccount(settings),
      activeDeadlineSeconds: String(DEADLINE_SECONDS),
      retryStrategy: retryStrategy(settings.build.retries),
      securityContext: READS_TOKENS,
      volumes: [...WRITABLE.volumes, ...login.volumes],
      container: {
        ...stepContainer(settings, 'tag', [`--images=${IMAGES}`, `--output=${OUT}`], login.volumeMounts),
        env: [{ name: 'DOCKER_CONFIG', value: login.folder }],
      },
    },
  };
}

/**
 * The images that are built, and that others are built on: Kaniko finds them by their tag, under which another workflow
 * can push an image meanwhile.
 */
export function builtBases(plan: Plan, digestOf: DigestOf): readonly BaseToCheck[] {
  const built = plan.images.filter(({ decision }) => decision.action === 'build');
  const used = new Set(built.flatMap(({ buildsOn }) => buildsOn));
  return built.flatMap((image) => {
    const { name, repository, secondTag, insecureRegistry } = image;
    if (secondTag === undefined || !used.has(name)) return [];
    const digest = digestText(digestOf(image));
    return [
      { name, repository, tag: secondTag, digest, ...(insecureRegistry !== undefined && { insecure: true }) },
    ];
  });
}

function imagesToTag(plan: Plan): readonly ImageToTag[] {
  return plan.images.flatMap(({ name, repository, tag, decision, insecureRegistry }) =>
    decision.action === 'reuse'
      ? [
          {
            name,
            repository,
            digest: decision.digest,
            tag,
            ...(insecureRegistry !== undefined && { insecure: true }),
          },
        ]
      : [],
  );
}
