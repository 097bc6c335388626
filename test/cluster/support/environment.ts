import { skipWithout } from '../../support/missing.js';

/** The cluster that these tests use, as `node.sh env` or the developer describes it. */
export interface TestEnvironment {
  /** Of somebody who has the rights that deploy/ gives. */
  readonly kubeconfig: string;
  /** Of the cluster's admin: to look at what was made, and to break things. */
  readonly adminKubeconfig: string | undefined;
  /** `host:port`, plain http, for reading, and as builds reach it. */
  readonly registry: string;
  readonly minio: { readonly endpoint: string; readonly accessKey: string; readonly secretKey: string };
  /** Cluster IP for the Service of SeaweedFS, whose pod runs in the namespace of Kubeflow. */
  readonly seaweedfsAddress: string | undefined;
  readonly kanikoImage: string;
  /** What pipeline/compiler/Dockerfile and deploy/Dockerfile make, as the cluster pulls them. */
  readonly compilerImage: string;
  readonly kfopsImage: string;
  /** Bases with which builds without a way out can make those two: of Python and of Node, with all locked packages. */
  readonly pythonBase: string | undefined;
  readonly nodeBase: string | undefined;
  /** An address at which pods reach this process. */
  readonly nodeAddress: string | undefined;
  /** `node.sh`, where the node is ours: its processes can be restarted. */
  readonly nodeScript: string | undefined;
  readonly argoCli: string | undefined;
  readonly kubectl: string | undefined;
  readonly helm: string | undefined;
}

/** Builds run here, as deploy/ has it. */
export const NAMESPACE = 'kfops';

export const environment: TestEnvironment = {
  kubeconfig: required('KFOPS_TEST_KUBECONFIG'),
  adminKubeconfig: process.env.KFOPS_TEST_ADMIN_KUBECONFIG,
  registry: required('KFOPS_TEST_REGISTRY'),
  minio: {
    endpoint: required('KFOPS_TEST_MINIO_ENDPOINT'),
    accessKey: required('KFOPS_TEST_MINIO_ACCESS_KEY'),
    secretKey: required('KFOPS_TEST_MINIO_SECRET_KEY'),
  },
  seaweedfsAddress: process.env.KFOPS_TEST_SEAWEEDFS_ADDRESS,
  kanikoImage: required('KFOPS_TEST_KANIKO_IMAGE'),
  compilerImage: required('KFOPS_TEST_COMPILER_IMAGE'),
  kfopsImage: required('KFOPS_TEST_KFOPS_IMAGE'),
  pythonBase: process.env.KFOPS_TEST_PYTHON_BASE,
  nodeBase: process.env.KFOPS_TEST_NODE_BASE,
  nodeAddress: process.env.KFOPS_TEST_NODE_ADDRESS,
  nodeScript: process.env.KFOPS_TEST_NODE_SCRIPT,
  argoCli: process.env.KFOPS_TEST_ARGO_CLI,
  kubectl: process.env.KFOPS_TEST_KUBECTL,
  helm: process.env.KFOPS_TEST_HELM,
};

function required(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(`${name} is not set: start these tests with \`npm run test:cluster\` (docs/testing.md)`);
}

/** Skips the running test if the cluster lacks what it needs. */
export function need<T>(test: Mocha.Context, value: T | undefined, what: string): asserts value is T {
  if (value !== undefined) return;
  skipWithout(test, `a cluster with a ${what}`, 'see docs/testing.md');
}
