import type { KanikoPod } from '../../schema/index.js';
import type { Plan, PlannedImage } from '../plan/plan-types.js';
import { contextArtifact } from './artifacts.js';
import { BUILD_SECURITY } from './build-security.js';
import type { BuildLayout } from './builds.js';
import { after, succeeded } from './dag.js';
import { commonValues, CONTEXT_PATH, DIGEST_PATH, kanikoCall, type KanikoCall } from './kaniko-arguments.js';
import { NAMES } from './names.js';
import { quantitiesAsText } from './resources.js';
import { retryStrategy } from './retry.js';
import type { WorkflowSettings } from './settings.js';
import { stepAccount, stepMetadata } from './step.js';
import type { ContainerTemplate, DagTask } from './types.js';

/** The build templates of a plan, and the task of each image. */
export interface Builds {
  readonly templates: readonly ContainerTemplate[];
  /** By the image's name. */
  readonly tasks: ReadonlyMap<string, DagTask>;
}

/**
 * The Kaniko templates of a plan: one, `kaniko`, for all images that differ only in their parameters, and
 * `kaniko-2`, … for images with other options. So two hundred images stay far under etcd's limit of 1 MiB.
 */
export function kanikoTemplates(plan: Plan, settings: WorkflowSettings, layout: BuildLayout): Builds {
  const templates = new Map<string, ContainerTemplate>();
  const common = commonValues(layout.built);
  const taskOf = (image: PlannedImage): DagTask => {
    const place = layout.placeOf(image);
    const call = kanikoCall(image, common, (name) => place.digestText(name));
    const shape = JSON.stringify([call.args, call.inputs, image.resources, image.timeout]);
    let template = templates.get(shape);
    if (template === undefined) {
      const name = templates.size === 0 ? NAMES.kaniko : `${NAMES.kaniko}-${templates.size + 1}`;
      template = kanikoTemplate(name, call, image, plan, settings);
      templates.set(shape, template);
    }
    const task = { name: image.task, template: template.name, arguments: { parameters: call.parameters } };
    return after(succeeded(place.after), task);
  };
  const tasks = new Map(layout.built.map((image) => [image.name, taskOf(image)]));
  return { templates: [...templates.values()], tasks };
}

function kanikoTemplate(
  name: string,
  call: KanikoCall,
  image: PlannedImage,
  plan: Plan,
  settings: WorkflowSettings,
): ContainerTemplate {
  const { labels, pod, container }: KanikoPod = plan.kaniko;
  const resources = image.resources ?? container.resources;
  return {
    name,
    metadata: stepMetadata('build', labels),
    inputs: {
      parameters: call.inputs,
      artifacts: [contextArtifact(plan.objectStore, 'context', CONTEXT_PATH)],
    },
    outputs: { parameters: [{ name: 'digest', valueFrom: { path: DIGEST_PATH } }] },
    ...stepAccount(settings, settings.service_accounts.builder),
    activeDeadlineSeconds: String(image.timeout),
    retryStrategy: retryStrategy(settings.build.retries),
    ...(pod.nodeSelector && { nodeSelector: pod.nodeSelector }),
    ...(pod.tolerations && { tolerations: pod.tolerations }),
    ...(pod.affinity && { affinity: pod.affinity }),
    ...(pod.securityContext && { securityContext: pod.securityContext }),
    ...(pod.volumes && { volumes: pod.volumes }),
    container: {
      image: container.image ?? settings.kaniko.image,
      ...(container.imagePullPolicy !== undefined && { imagePullPolicy: container.imagePullPolicy }),
      // Named, or Argo's controller asks the registry for the entrypoint.
      command: ['/kaniko/executor'],
      args: call.args,
      ...(container.env && { env: container.env }),
      ...(container.envFrom && { envFrom: container.envFrom }),
      ...(container.volumeMounts && { volumeMounts: container.volumeMounts }),
      ...(resources && { resources: quantitiesAsText(resources) }),
      securityContext: { ...BUILD_SECURITY, ...container.securityContext },
    },
  };
}
