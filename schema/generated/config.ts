// Written by scripts/generate-types.ts from the JSON Schemas. Change those, then run: npm run generate

/**
 * config_files/config.yaml of a repository: which images to build and which pipeline to compile.
 */
export interface Config {
  /**
   * The GitHub repository that this file belongs to.
   */
  repository: {
    /**
     * User or organisation on GitHub.
     */
    owner: string;
    /**
     * Name of the repository, without the owner and without .git.
     */
    name: string;
  };
  /**
   * The container images to build. Without it, or without images, the pipeline is compiled right away.
   */
  image_builder?: {
    /**
     * Where images are pushed: <this>/<image name>. A registry with a path, host:port/path, or a bare Docker Hub profile.
     */
    container_registry_uri: string;
    /**
     * Talk plain http, or https with a certificate that nobody checked, to this registry.
     */
    insecure: boolean;
    /**
     * One entry for each image. All of them are built in parallel.
     */
    images: Image[];
    /**
     * The object store through which build contexts reach the cluster.
     */
    minio: {
      /**
       * The bucket for build contexts.
       */
      context_files_bucket_name: string;
      /**
       * Address and keys, for the upload from this machine only. Better: leave them out and use the environment (see docs/configuration.md).
       */
      credentials?: {
        /**
         * host or host:port, without http://. Without a port: 9000.
         */
        endpoint?: string;
        /**
         * The access key.
         */
        access_key?: string;
        /**
         * The secret key.
         */
        secret_key?: string;
      };
    };
    /**
     * Image repository for the layer cache. Default: the repository kfops-cache next to the images.
     */
    cache_repository?: string;
    /**
     * How many builds may run at the same time.
     */
    parallelism: number;
  };
  /**
   * The Kubeflow pipeline to compile.
   */
  pipeline: {
    /**
     * Name of the pipeline in Kubeflow.
     */
    name: string;
    /**
     * Kubernetes namespace in which the pipeline runs: the Kubeflow profile.
     */
    namespace: string;
    /**
     * The experiment that collects the runs.
     */
    experiment_name: string;
    /**
     * The Python file that defines the pipeline, from the root of the repository.
     */
    pipeline_path: string;
    /**
     * One or more sentences for the page of the pipeline.
     */
    description?: string;
    /**
     * The function with the @dsl.pipeline decorator. Needed only where the file has more than one.
     */
    pipeline_function_name?: string;
    /**
     * The mode of Kubeflow Pipelines 1. KFP 2 has one mode and needs none.
     */
    pipeline_execution_mode?: 'V1_LEGACY' | 'V2_COMPATIBLE' | 'V2_ENGINE';
    /**
     * Arguments of the pipeline: any names, any values that JSON can hold.
     */
    pipeline_args: {
      [k: string]: unknown;
    };
    /**
     * Image in which the pipeline is compiled, made on top of the compiler image: a reference, or the name of one of the images above. Default: the one of the cluster's settings.
     */
    compiler_image?: string;
  };
  /**
   * The inference service. It is checked and kept; nothing is deployed yet.
   */
  deployment?: {
    /**
     * Name of the KServe InferenceService.
     */
    inference_service_name?: string;
    /**
     * The Python file that describes the inference service, from the root of the repository.
     */
    inference_service_function_path?: string;
    production?: Stage;
    staging?: Stage;
    /**
     * A request to try the service with before it goes live, from the root of the repository.
     */
    pre_deployment_test_sample_input_path?: string;
  };
}
/**
 * One image to build.
 */
export interface Image {
  /**
   * Name of the image: the last part of its repository in the registry. Lower-case letters, digits, '_', '-' and '.'.
   */
  name: string;
  /**
   * The folder with the Dockerfile, from the root of the repository. Its content is the root of the build context. A dot is the whole repository.
   */
  dockerfile_folder_path: string;
  /**
   * More folders for the build context. Each has its own name there: libs/common becomes common/.
   */
  other_folders_path: string[];
  /**
   * The Dockerfile's path below dockerfile_folder_path.
   */
  dockerfile: string;
  /**
   * Values for the Dockerfile's ARG instructions. They are visible to everybody who can see the image: no passwords.
   */
  build_args: {
    [k: string]: string;
  };
  /**
   * The stage of a multi-stage Dockerfile to build. Default: the last one.
   */
  target?: string;
  /**
   * The platform to build for. RUN instructions need a node of that kind. Default: that of the node.
   */
  platform?: string;
  resources?: Resources;
  /**
   * How long the build may take: seconds, or a text such as 90s, 30m, 2h. Default: the one of the cluster's settings.
   */
  timeout?: string;
  /**
   * Use and fill the layer cache.
   */
  cache: boolean;
  /**
   * How Kaniko finds changed files after each RUN: full reads them, redo compares size and time, time compares time only. redo and time are faster and can miss a change. Default: full.
   */
  snapshot_mode?: 'full' | 'redo' | 'time';
  /**
   * Kaniko's faster way to take a snapshot after each RUN. It can miss a change that a command made.
   */
  use_new_run: boolean;
}
/**
 * What the build's container asks of its node, as Kubernetes takes it.
 */
export interface Resources {
  requests?: Quantities;
  limits?: Quantities;
}
/**
 * Kubernetes quantities by the name of the resource.
 */
export interface Quantities {
  [k: string]: string;
}
/**
 * Where the service runs at this stage.
 */
export interface Stage {
  /**
   * Kubernetes namespace.
   */
  namespace: string;
}
