import { readdirSync, readFileSync } from 'node:fs';

import { type DocumentedBlock, documentedBlocks } from './shell-blocks.js';

/** Where a block is run, or why no test runs it. */
export type Place =
  /** The file that runs it. */
  | { readonly runBy: string }
  /** The page with the same block, which is run. */
  | { readonly sameAs: string }
  /** The reason. */
  | { readonly notRun: string };

const ROOT = new URL('../../', import.meta.url);

const LOCAL = { runBy: 'test/cli/documented-blocks.test.ts' } as const;
const STEPS = { runBy: 'test/cluster/support/documented-steps.ts' } as const;
const INSTALLATIONS = { runBy: 'test/cluster/support/installations.ts' } as const;
const INSTALLED = { runBy: 'test/cluster/alone/install.test.ts' } as const;
const BOOTSTRAP = { runBy: 'test/cluster/alone/bootstrap.test.ts' } as const;
const IMAGES = { runBy: 'test/cluster/images.test.ts' } as const;
const REPOSITORY = { runBy: 'test/cluster/documented-repository.test.ts' } as const;
const COMMAND = { runBy: 'test/cluster/cli.test.ts' } as const;

/** All blocks with commands, by page and by their start, which is long enough for one block of the page. */
export const PLACES = {
  'README.md': {
    'npm ci && npm run example': { notRun: 'the steps of .ci/run' },
    'kfops bootstrap --dry-run': {
      notRun: 'asks questions on a terminal; test/cluster/alone/bootstrap.test.ts runs both with flags',
    },
    'kfops init ': REPOSITORY,
  },
  'docs/cluster.md': {
    'kubectl apply -f deploy/build-namespace\n': STEPS,
    '$ kfops doctor\n': REPOSITORY,
    '$ kfops build --wait\n': REPOSITORY,
    '$ kfops status ': COMMAND,
    'Images  1 of 3 images': { notRun: 'the same output as in docs/incremental.md' },
    '✗ trainer-base failed\n': { notRun: 'output only; test/unit/cli/live-tree.test.ts has both lines' },
    '$ kfops retry kfops-shop-forecast-5vgbm': COMMAND,
    '$ kfops retry kfops-shop-forecast-sqr69': {
      notRun:
        'needs an Argo server with its own address; test/cluster/argo-server.test.ts retries through one',
    },
  },
  'docs/contexts.md': { 'id=$(git hash-object ': LOCAL, '$ kfops context iris_serve': LOCAL },
  'docs/errors.md': {
    'git submodule update': LOCAL,
    'kfops images ': { sameAs: 'docs/install.md' },
  },
  'docs/incremental.md': {
    '$ kfops plan\n': {
      notRun: 'needs a registry with earlier builds; test/unit/cli/plan-text.test.ts has such a plan',
    },
  },
  'docs/install.md': {
    'git clone ': {
      notRun: 'needs GitHub; .ci/run runs `npm ci` in a copy, test/cli/package.test.ts the command',
    },
    'kubectl apply -f deploy/kubeflow/admit-kfops.yaml\n': { runBy: 'test/cluster/support/policies.ts' },
    'kubectl apply -f deploy/build-namespace\nkubectl create secret generic': STEPS,
    'kubectl apply -f deploy/build-namespace\nkubectl create secret docker-registry': STEPS,
    '(cd deploy/build-namespace': LOCAL,
    'kubectl get secret mlpipeline-minio-artifact': STEPS,
    'kubectl create secret docker-registry kfops-images-login': IMAGES,
    'kfops images ': IMAGES,
    'kfops doctor ': IMAGES,
    'kfops bootstrap\n': {
      notRun:
        'asks questions on a terminal; test/cluster/alone/bootstrap.test.ts answers them, with flags for its cluster',
    },
    'kubectl create secret docker-registry login': BOOTSTRAP,
    'kfops bootstrap --registry': BOOTSTRAP,
    'kubectl delete namespace kfops-system kfops\n': BOOTSTRAP,
    'kubectl create namespace kfops-system\n': INSTALLATIONS,
    'helm install ': INSTALLATIONS,
    'kubectl apply -f deploy/server/0-namespace.yaml\n': INSTALLATIONS,
    'kubectl logs deployment/kfops-server': INSTALLATIONS,
    'kubectl create secret generic kfops-github': INSTALLATIONS,
    'kubectl exec ': INSTALLED,
    'kubectl create secret docker-registry kfops-registry': INSTALLATIONS,
    'helm uninstall ': INSTALLATIONS,
    'kubectl delete -k deploy --ignore-not-found\n': INSTALLATIONS,
  },
  'docs/migrating.md': { '$ kfops migrate ': LOCAL },
  'docs/minio.md': {
    'kubectl port-forward ': COMMAND,
    'mc ilm ': { notRun: 'needs mc of MinIO' },
    'kfops gc ': COMMAND,
    'kubectl create secret generic kfops-gc': INSTALLED,
  },
  'docs/notifications.md': {
    'kubectl -n kfops-system create secret': INSTALLATIONS,
    'kubectl -n kfops get workflows': INSTALLED,
  },
  'docs/operate.md': {
    'git pull && npm ci\n': { notRun: 'needs GitHub; test/cluster/images.test.ts runs `kfops images`' },
    'helm upgrade ': INSTALLATIONS,
  },
  'docs/performance.md': { 'npm run bench ': { notRun: 'measures for half an hour' } },
  'docs/pipelines.md': {
    '$ kfops run ': { notRun: 'needs a published version; test/cluster/pipeline.test.ts runs one' },
    'python3 -m venv': { notRun: 'installs packages; scripts/python-env.sh installs the same versions' },
    '$ kfops compile-pipeline': LOCAL,
  },
  'docs/schedules.md': {
    '$ kfops schedules\n': {
      notRun: 'needs Kubeflow Pipelines; test/cli/schedules.test.ts has each of these lines',
    },
  },
  'docs/server.md': {
    'gh api ': { notRun: 'needs a GitHub App' },
    'kubectl exec ': INSTALLED,
  },
  'docs/testing.md': {
    'npm run test:file': LOCAL,
    'sudo npm run test:cluster\n': { notRun: 'a step of .ci/run' },
    'test/cluster/node.sh up': { notRun: 'starts and ends the node on which the cluster tests run' },
    'kubectl port-forward': { notRun: 'needs Kubeflow Pipelines' },
    'kind create cluster\n': { notRun: 'needs kind and Docker' },
  },
  'docs/troubleshooting.md': { 'kubectl exec ': { sameAs: 'docs/install.md' } },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Place>>>>;

/** A page with blocks. */
export type Page = keyof typeof PLACES;

/** The text of README.md or a page of docs/. */
export function pageText(page: string): string {
  return readFileSync(new URL(page, ROOT), 'utf8');
}

/** README.md and all pages of docs/. */
export function pages(): readonly string[] {
  const docs = readdirSync(new URL('docs', ROOT)).filter((name) => name.endsWith('.md'));
  return ['README.md', ...docs.map((name) => `docs/${name}`)];
}

/**
 * The block of a page that starts like this.
 *
 * @throws Error if none or several do
 */
export function blockOf<P extends Page>(page: P, start: keyof (typeof PLACES)[P] & string): DocumentedBlock {
  const [block, ...more] = documentedBlocks(pageText(page)).filter(({ text }) => text.startsWith(start));
  if (!block || more.length > 0)
    throw new Error(`${page}: ${more.length + (block ? 1 : 0)} blocks start with \`${start}\`, not 1`);
  return block;
}
