import { apiPath } from '../../../argo/client/client.js';
import { compile } from '../../../generator/compile.js';
import { storeContexts } from '../../../generator/store-contexts.js';
import type { ContainerTemplate, DagTask, Workflow } from '../../../generator/workflow/types.js';
import { folderSource } from '../../../sources/folder.js';
import { admin, store, testSettings, uniqueName } from '../../cluster/support/build.js';
import { NAMESPACE } from '../../cluster/support/environment.js';
import { EXAMPLE } from '../../cluster/support/example.js';
import { podPhase } from './pods.js';

/**
 * The builds of the example as plain pods without Argo, one after the other, and no last steps: the same Kaniko
 * with the same flags, which fetches its context from MinIO itself.
 */
export async function plainBuilds(override: string): Promise<void> {
  const source = await folderSource(EXAMPLE);
  const { plan, workflow } = await compile(source, {
    settings: testSettings(),
    tag: 'bench',
    overrides: [{ kind: 'file', file: 'bench', text: override }],
  });
  const { bucket, endpoint, secret } = plan.objectStore;
  await storeContexts(source, plan, store(bucket));
  const fromSecret = (name: string, key: string): object => ({
    name,
    valueFrom: { secretKeyRef: { name: secret.name, key } },
  });
  const s3 = [
    fromSecret('AWS_ACCESS_KEY_ID', secret.accessKey),
    fromSecret('AWS_SECRET_ACCESS_KEY', secret.secretKey),
    { name: 'AWS_REGION', value: 'us-east-1' },
    { name: 'S3_ENDPOINT', value: `http://${endpoint}` },
    { name: 'S3_FORCE_PATH_STYLE', value: 'true' },
  ];
  for (const task of buildsOf(workflow)) {
    const { container, given } = filledIn(workflow, task);
    const context = given.get('context');
    const args = container.args.map((arg) =>
      arg.startsWith('--context=') ? `--context=s3://${bucket}/ctx/${context}.tar.gz` : arg,
    );
    await runPod({ ...container, args, ...(context !== undefined && { env: s3 }) });
  }
}

/** The builds; the plan's order is one in which they may run. */
function buildsOf({ spec }: Workflow): readonly DagTask[] {
  return spec.templates
    .flatMap((template) => ('dag' in template ? template.dag.tasks : []))
    .filter(({ arguments: given }) => given?.parameters?.some(({ name }) => name === 'context'));
}

/** A task's container with its parameters put in, as Argo does. */
function filledIn(
  { spec }: Workflow,
  task: DagTask,
): Pick<ContainerTemplate, 'container'> & {
  readonly given: ReadonlyMap<string, string | undefined>;
} {
  const template = spec.templates.find(({ name }) => name === task.template) as ContainerTemplate;
  const parameters = [...(template.inputs?.parameters ?? []), ...(task.arguments?.parameters ?? [])];
  const given = new Map(parameters.map(({ name, value }) => [name, value]));
  const args = template.container.args.map((arg) =>
    arg.replace(/\{\{inputs\.parameters\.([\w-]+)\}\}/g, (_, name: string) => given.get(name) ?? ''),
  );
  return { container: { ...template.container, args }, given };
}

async function runPod(container: object): Promise<void> {
  const name = uniqueName('plain');
  const path = apiPath('api', 'v1', 'namespaces', NAMESPACE, 'pods');
  const ended = await podPhase({ fieldSelector: `metadata.name=${name}` }, ['Succeeded', 'Failed']);
  await admin.call({
    what: 'creating a pod',
    method: 'POST',
    path,
    body: {
      metadata: { name },
      spec: {
        restartPolicy: 'Never',
        automountServiceAccountToken: false,
        containers: [{ name: 'main', imagePullPolicy: 'IfNotPresent', ...container }],
      },
    },
  });
  const phase = await ended();
  if (phase !== 'Succeeded') throw new Error(`the pod ${name} has ${phase}; look at its log`);
  await admin.call({ what: 'deleting a pod', method: 'DELETE', path: `${path}/${name}` });
}
