// Written by scripts/generate-types.ts from the JSON Schemas. Change those, then run: npm run generate

/**
 * config_files/config.yaml of a repository: the images to build and the pipeline to compile.
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
   * The container images to build. Without this section, or without images, Kfops only compiles the pipeline.
   */
  image_builder?: {
    /**
     * The registry to push images to, as <this>/<image name>: a registry with a path, host:port/path, or a Docker Hub profile alone.
     */
    container_registry_uri: string;
    /**
     * Use plain http, or https without checking the certificate, for this registry.
     */
    insecure: boolean;
    /**
     * One entry for each image. Images are built in parallel.
     */
    images: Image[];
    /**
     * The object store from which the cluster reads build contexts.
     */
    minio: {
      /**
       * The bucket for build contexts.
       */
      context_files_bucket_name: string;
      /**
       * Address and keys, only for uploads from this machine. We recommend environment variables instead (see docs/configuration.md).
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
     * How many builds can run at the same time.
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
     * Kubernetes namespace in which the pipeline runs (the Kubeflow profile).
     */
    namespace: string;
    /**
     * The experiment for the runs.
     */
    experiment_name: string;
    /**
     * The Python file that defines the pipeline, from the root of the repository.
     */
    pipeline_path: string;
    /**
     * A description of the pipeline, for its page in Kubeflow.
     */
    description?: string;
    /**
     * The function with the @dsl.pipeline decorator. Required only if the file has more than one.
     */
    pipeline_function_name?: string;
    /**
     * The execution mode of Kubeflow Pipelines 1. Not needed: KFP 2 has only one mode.
     */
    pipeline_execution_mode?: 'V1_LEGACY' | 'V2_COMPATIBLE' | 'V2_ENGINE';
    /**
     * Arguments of the pipeline: any names, and any JSON values.
     */
    pipeline_args: {
      [k: string]: unknown;
    };
    /**
     * When Kubeflow Pipelines runs the pipeline by itself. Times are in UTC.
     *
     * @maxItems 50
     */
    schedules: {
      /**
       * Name of the schedule, unique in this file.
       */
      name: string;
      /**
       * Five fields: minute, hour, day of the month, month, day of the week, with names, ranges, steps and lists. Or a macro: `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`. Quote it.
       */
      cron: string;
      /**
       * Arguments that replace those of `pipeline_args` with the same names and types.
       */
      arguments: {
        [k: string]: unknown;
      };
      /**
       * Whether it runs.
       */
      enabled: boolean;
    }[];
    /**
     * Image in which the pipeline is compiled, based on the compiler image: an image reference, or the name of one of the images above. Default: the image in the cluster's settings.
     */
    compiler_image?: string;
  };
  /**
   * What starts builds without a command, if the server's operator allows it. Only the config.yaml of the default branch counts, or of the base branch if the operator lists it.
   */
  triggers?: {
    /**
     * For each commit on a pull request: `plan` says what a build would do, `build` builds it. Drafts, forks and pull requests of people without write permission wait for a command.
     */
    pull_request: 'plan' | 'build' | 'none';
    /**
     * Pushes to branches, merges among them. The version of the pipeline is called `<branch>-<commit>`.
     */
    push?: {
      /**
       * Names or patterns: `main`, `release/*`.
       *
       * @minItems 1
       */
      branches: [string, ...string[]];
      /**
       * `build` builds the images and publishes the pipeline, `build_run` runs it, too.
       */
      do: 'build' | 'build_run';
    };
    /**
     * Tags that are pushed. The images get the tag's name, and the version of the pipeline is called `<tag>-<commit>`.
     */
    tag?: {
      /**
       * A name or pattern: `v*`.
       */
      pattern: string;
      /**
       * `build` builds the images and publishes the pipeline, `build_run` runs it, too.
       */
      do: 'build' | 'build_run';
    };
  };
  /**
   * Who is notified of failed builds, and of the first success after a failure. Only the config.yaml of the default branch counts.
   */
  notify?: {
    /**
     * Names of channels that the server's operator has set up for this repository.
     */
    channels: string[];
    /**
     * Notify only of pull requests into these branches. `*` matches any characters but `/`.
     */
    branches?: string[];
  };
  /**
   * The inference service. Kfops checks this section but doesn't deploy anything yet.
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
     * A file with a sample request to test the service before it goes live, from the root of the repository.
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
   * The folder with the Dockerfile, from the root of the repository. Its content is the root of the build context. A dot means the whole repository.
   */
  dockerfile_folder_path: string;
  /**
   * More folders for the build context. Each is added under its own name: libs/common becomes common/.
   */
  other_folders_path: string[];
  /**
   * Path of the Dockerfile, relative to dockerfile_folder_path.
   */
  dockerfile: string;
  /**
   * Values for the Dockerfile's ARG instructions. Everybody who can see the image can see them: don't use passwords.
   */
  build_args: {
    [k: string]: string;
  };
  /**
   * The stage of a multi-stage Dockerfile to build. Default: the last stage.
   */
  target?: string;
  /**
   * The platform to build for. RUN instructions need a node of this platform. Default: the platform of the node.
   */
  platform?: string;
  resources?: Resources;
  /**
   * Maximum time for the build: seconds, or a text such as 90s, 30m, 2h. Default: the value in the cluster's settings.
   */
  timeout?: string;
  /**
   * Rebuild the image if the one in its registry is older, even if nothing changed: new versions of packages that RUN installs. Seconds, or a text such as 12h, 7d, at least 1h; never. Default: the value in the cluster's settings.
   */
  rebuild_after?: string;
  /**
   * Read from and write to the layer cache.
   */
  cache: boolean;
  /**
   * How Kaniko finds changed files after each RUN: full reads the files, redo compares size and time, time compares only the time. redo and time are faster but can miss a change. Default: full.
   */
  snapshot_mode?: 'full' | 'redo' | 'time';
  /**
   * Use Kaniko's faster snapshots after each RUN. They can miss a change that a command made.
   */
  use_new_run: boolean;
}
/**
 * Resource requests and limits of the build's container, as in Kubernetes.
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
