import type { Plan, PlannedPipeline } from '../plan/plan-types.js';
import { BuildLayout } from './builds.js';
import { checkTags } from './check-tags.js';
import { commonSpec } from './common-spec.js';
import { compileStep, type DigestOf } from './compile-step.js';
import { contentOf } from './content.js';
import { buildTasks, mainDag } from './dag.js';
import { kanikoTemplates } from './kaniko-templates.js';
import { workflowMetadata, type WorkflowSubject } from './metadata.js';
import { buildMutex } from './names.js';
import { publishStep } from './publish-step.js';
import { runStep } from './run-step.js';
import type { WorkflowSettings } from './settings.js';
import { builtBases, tagStep } from './tag-step.js';
import type { Workflow } from './types.js';

/** What a caller may choose about a Workflow. */
export interface WorkflowOptions {
  /** A fixed name, so that submitting twice is harmless; without it the cluster makes one up. */
  readonly name?: string;
  /** Where it runs; default: the settings' namespace. */
  readonly namespace?: string;
  /** Further labels; Kfops' own win. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Further annotations; Kfops' own win. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/**
 * Writes a plan down as ONE Argo Workflow: a Kaniko build for each image, in parallel, then the compile step, which
 * depends on every build, then what pins and publishes the pipeline, then, where the plan says so, the run. Next to them,
 * images that are not built get this build's tag. Pure: the same plan gives the same object.
 *
 * @throws WorkError for a text that Argo would evaluate
 */
export function createWorkflow(
  plan: Plan,
  settings: WorkflowSettings,
  options: WorkflowOptions = {},
): Workflow {
  const layout = new BuildLayout(plan);
  const builds = kanikoTemplates(plan, settings, layout);
  const inMain = buildTasks(layout, builds.tasks);
  const digestOf: DigestOf = (image) => layout.digestOf(image);
  const { kfp } = settings;
  const lastSteps = [
    compileStep(plan, settings, digestOf),
    publishStep(plan, settings, digestOf),
    ...(plan.run && kfp
      ? [
          runStep(
            plan.pipeline,
            { by: 'publish step', name: plan.pipeline.version },
            { ...settings, kfp },
            plan.baseBranch,
          ),
        ]
      : []),
  ];
  const of = plan.pullRequest ?? plan.ref;
  const bases = builtBases(plan, digestOf);
  const tag = tagStep(plan, settings, bases);
  return checkTags({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: workflowMetadata(
      {
        ...plan,
        content: contentOf(plan, settings),
        does: plan.run ? 'build and run' : 'build',
        pipeline: kfp ? plan.pipeline : withoutVersion(plan.pipeline),
      },
      { ...options, namespace: options.namespace ?? settings.namespace },
    ),
    spec: {
      ...commonSpec(settings, plan.kaniko.pod.imagePullSecrets),
      parallelism: plan.parallelism,
      ...(of !== undefined && {
        // One build of a pull request, branch or tag at a time.
        synchronization: { mutexes: [{ name: buildMutex(plan.repository, of) }] },
      }),
      templates: [
        mainDag(
          inMain,
          lastSteps.map(({ task }) => task),
          tag && { task: tag.task, afterBuilds: bases.length > 0 },
        ),
        ...inMain.templates,
        ...builds.templates,
        ...lastSteps.map(({ template }) => template),
        ...(tag ? [tag.template] : []),
      ],
    },
  });
}

function withoutVersion({ name, namespace, path }: PlannedPipeline): WorkflowSubject['pipeline'] {
  return { name, namespace, path };
}
