// Written by scripts/generate-types.ts from the JSON Schemas. Change those, then run: npm run generate

import type {KanikoManifest} from './kaniko-manifest.js';

/**
 * Settings of the cluster, not of a repository. Everything has a default: an empty file is valid.
 */
export interface Settings {
  /**
   * Kubernetes namespace in which builds run.
   */
  namespace: string;
  /**
   * Argo Workflows.
   */
  argo: {
    /**
     * Address of Argo's web page, for links to workflows.
     */
    url?: string;
    /**
     * Argo's server. With it, `kfops retry` continues the same workflow. Without this section, a retry is a new workflow.
     */
    server?: {
      /**
       * Address of its API, as reachable from the command line.
       */
      endpoint: string;
      /**
       * File with the CA certificates (PEM) for its certificate, if Node doesn't trust it by default.
       */
      ca_file?: string;
      /**
       * Check its certificate. Set this to false if Argo creates its own certificate at each start, which can't be checked.
       */
      verify: boolean;
      /**
       * File with the token for its API. Default: the token of the kubeconfig.
       */
      token_file?: string;
    };
  };
  /**
   * The tool that builds images.
   */
  kaniko: {
    /**
     * Image of Kaniko. Pin it by digest (NAME@sha256:…). A repository's kaniko-manifest.yaml can name another image.
     */
    image: string;
    /**
     * A Pod manifest for repositories without a config_files/kaniko-manifest.yaml.
     */
    manifest?: KanikoManifest;
  };
  /**
   * Where Kfops' own two images are: kfops and kfops-compiler. `kfops images` builds them and pushes them there.
   */
  images: {
    /**
     * A registry with a path. There is no default: without it, set compiler.image and kfops.image.
     */
    registry?: string;
    /**
     * Tag of both images. Default: the version of the kfops that reads these settings.
     */
    version?: string;
  };
  /**
   * The object store, as reachable from the cluster.
   */
  minio: {
    /**
     * host or host:port, without http://. Without a port: 9000. Default: Kubeflow's store, as found in the cluster: seaweedfs or minio-service in the namespace kubeflow. `kfops generate` without a cluster writes minio-service.kubeflow.svc.cluster.local:9000.
     */
    endpoint?: string;
    /**
     * Use https.
     */
    secure: boolean;
    /**
     * Region of the bucket, if the store requires one.
     */
    region?: string;
    /**
     * The Secret in the namespace of the builds that holds the store's keys.
     */
    secret: {
      /**
       * Name of the Secret.
       */
      name: string;
      /**
       * The key in the Secret that holds the access key.
       */
      access_key: string;
      /**
       * The key in the Secret that holds the secret key.
       */
      secret_key: string;
    };
  };
  /**
   * The step that compiles the pipeline.
   */
  compiler: {
    /**
     * Image in which the pipeline is compiled, built from pipeline/compiler. Pin it by digest. A repository's compiler_image can name another image. Default: <images.registry>/kfops-compiler:<images.version>.
     */
    image: string;
    /**
     * Maximum time for the pipeline's code: seconds, or a text such as 90s, 5m.
     */
    timeout: string;
    /**
     * Maximum memory for the pipeline's code, in MiB of address space. The pod can use half a GiB more.
     */
    memory: number;
  };
  /**
   * The steps that pin, publish and run the pipeline.
   */
  kfops: {
    /**
     * Kfops' own image, for the steps that publish and run a pipeline. Pin it by digest. Default: <images.registry>/kfops:<images.version>.
     */
    image: string;
  };
  /**
   * Kubeflow Pipelines. Without this section, the compiled pipeline is only an artifact of the workflow and isn't published.
   */
  kfp?: {
    /**
     * Address of the API server, as reachable from the cluster.
     */
    endpoint: string;
    /**
     * Address of the web page of Kubeflow Pipelines, for links to versions and runs.
     */
    url?: string;
    /**
     * Where the step that runs a pipeline reads the run's metrics and artifacts for the comment: `grpc://host:port` of Kubeflow's metadata store, `grpcs://` with TLS, or `api`, the artifact API of a Kubeflow Pipelines that has no metadata store. Without it, the comment links to the run only.
     */
    outputs?: string;
    /**
     * Audience of the service account's token.
     */
    audience: string;
  };
  /**
   * Service accounts in the namespace of the builds.
   */
  service_accounts: {
    /**
     * The account with which Argo reports the results of steps.
     */
    executor: string;
    /**
     * Gives builds a cloud identity (GKE, EKS). Default: builds have none.
     */
    builder?: string;
    /**
     * The account that publishes and runs pipelines. Used only with kfp.
     */
    publisher: string;
  };
  /**
   * Where builds can push images: registries, or repositories with everything below them. If empty, the command line allows all registries, and the server doesn't start.
   */
  registries: string[];
  /**
   * How Kfops itself asks registries which images exist already. Builds don't use this section.
   */
  registry: {
    /**
     * Docker config.json with logins that can pull the images of `registries` and private base images. Kfops reads it again when it changes. Default: on the command line the file of Docker; on the server no login.
     */
    credentials_file?: string;
    /**
     * Mirrors of a registry, by its host. Kfops asks them in this order, then the registry. About the images of config.yaml, it asks only the registry.
     */
    mirrors: {
      [k: string]: string[];
    };
    /**
     * Registries that the server asks about base images that a Dockerfile names, in addition to the hosts of `registries` and `mirrors`; `*.` at the start matches all subdomains. An image with a base image on another host is always built. The command line asks every host.
     */
    hosts: string[];
  };
  /**
   * Size limits of a build.
   */
  limits: {
    /**
     * Maximum number of images in one repository.
     */
    images: number;
    /**
     * Maximum number of files and folders in one commit, or in one folder.
     */
    repository_files: number;
    /**
     * Maximum number of files in one build context.
     */
    context_files: number;
    /**
     * Maximum bytes of one build context, before compression.
     */
    context_bytes: number;
  };
  /**
   * The build of an image.
   */
  build: {
    /**
     * Maximum time for a build if its image sets no timeout: seconds, or a text such as 90s, 30m, 2h, 1d.
     */
    timeout: string;
    /**
     * How often to retry a build when its pod was lost. A failed RUN is never retried.
     */
    retries: number;
    /**
     * Ask the registries which images exist already, and build only the others. false: build all images.
     */
    reuse: boolean;
    /**
     * Rebuild an image if the one in its registry is older, even if nothing changed, if its image sets no `rebuild_after`: seconds, or a text such as 12h, 7d, at least 1h; never.
     */
    rebuild_after: string;
  };
  /**
   * Time limit of a workflow, and how long it is kept in the cluster.
   */
  workflow: {
    /**
     * Maximum time for a workflow, including the time that pods wait for a node: seconds, or a text such as 90m, 24h.
     */
    timeout: string;
    /**
     * How long to keep pods with their logs: seconds, or a text such as 30m, 24h, 2d.
     */
    keep_pods: string;
    /**
     * How long to keep the workflow itself: seconds, or a text such as 24h, 7d.
     */
    keep: string;
  };
  /**
   * Channels for notifications of failed builds, and of the first success after a failure. See docs/notifications.md.
   */
  notify: NotifyChannel[];
  /**
   * The chatops server, `kfops serve`. Of this section, other commands read only the namespaces of its rules.
   */
  server: {
    /**
     * Address to listen on.
     */
    address: string;
    /**
     * Port to listen on; 0 chooses a free port.
     */
    port: number;
    /**
     * Public address of the server, for the setup of the GitHub App.
     */
    url?: string;
    /**
     * Repositories from which the server accepts commands, by their exact names.
     */
    repositories: string[];
    /**
     * The repositories trust each other: the server can serve several of them without `rules`, and rules can share registries and pipelines.
     */
    shared_trust: boolean;
    /**
     * What each repository can do. The first matching rule applies; a repository without a matching rule is refused. What a rule doesn't list isn't allowed. Without rules, the lists in this section apply to all repositories.
     */
    rules?: RepositoryRule[];
    /**
     * Kubeflow namespaces that a repository's pipeline can name. If empty, none is allowed and the server doesn't start.
     */
    namespaces: string[];
    /**
     * A prefix for every command, such as `/kfops build`, if another bot already uses /build.
     */
    command_prefix?: string;
    /**
     * What happens to a new build while another one of the same pull request runs: stop the running build, queue the new build, or refuse the new build.
     */
    supersede: 'stop' | 'queue' | 'refuse';
    /**
     * Credentials for GitHub, and the secrets of its webhook. Secrets are files.
     */
    github: {
      /**
       * Address of GitHub's API. Default: the environment variable GITHUB_API_URL, or https://api.github.com.
       */
      api_url?: string;
      /**
       * A GitHub App.
       */
      app?: {
        /**
         * The App's number.
         */
        id: number;
        /**
         * File with its private key (PEM).
         */
        private_key_file: string;
      };
      /**
       * File with the token of a machine account, instead of an App.
       */
      token_file?: string;
      /**
       * Files with the webhook secret. List two files during a rotation.
       *
       * @maxItems 2
       */
      webhook_secret_files: [] | [string] | [string, string];
      /**
       * Maximum number of writes to GitHub in a minute.
       */
      writes_per_minute: number;
      /**
       * Maximum number of writes to GitHub in an hour.
       */
      writes_per_hour: number;
    };
    /**
     * How the server itself reaches the object store.
     */
    minio: {
      /**
       * host or host:port, if it differs from `minio.endpoint`.
       */
      endpoint?: string;
      /**
       * File with the access key.
       */
      access_key_file?: string;
      /**
       * File with the secret key.
       */
      secret_key_file?: string;
      /**
       * The bucket for the build contexts of all repositories. The bucket in config.yaml is not used.
       */
      bucket: string;
    };
    /**
     * Names that `pipeline.name` can have; `*` at the end of a name matches any characters.
     */
    pipelines: string[];
    /**
     * Experiments that `pipeline.experiment_name` can name; `*` at the end of a name matches any characters.
     */
    experiments: string[];
    /**
     * Images that `pipeline.compiler_image` can name. An image without a tag and digest allows all tags and digests of its repository. The image in the settings and the repository's own images are always allowed.
     */
    compiler_images: string[];
    /**
     * Hosts of registries for which config.yaml can set `insecure: true`.
     */
    insecure_registries: string[];
    /**
     * Names that a repository's kaniko-manifest.yaml can use.
     */
    manifest: {
      /**
       * Secrets.
       */
      secrets: string[];
      /**
       * ConfigMaps.
       */
      config_maps: string[];
      /**
       * PersistentVolumeClaims.
       */
      claims: string[];
      /**
       * Images of Kaniko, exactly as written in the manifest. The image in the settings is always allowed.
       */
      images: string[];
      /**
       * Keys of labels. Services and NetworkPolicies use labels to select pods.
       */
      labels: string[];
    };
    /**
     * Branches whose kaniko-manifest.yaml applies to pull requests into them. For all other pull requests, the file on the repository's default branch applies. `*` matches any characters but `/`.
     */
    manifest_branches: string[];
    /**
     * What starts builds without a command, as far as a repository's config.yaml asks for it (`triggers`). Without this section, nothing does.
     */
    triggers?: {
      /**
       * What a commit on a pull request of somebody with write permission can start. Forks never start anything.
       */
      pull_request: ('plan' | 'build')[];
      /**
       * What a push to a branch by somebody with write permission can start: merges, too.
       */
      push: ('build' | 'build_run')[];
      /**
       * What a tag pushed by somebody with write permission can start.
       */
      tag: ('build' | 'build_run')[];
      /**
       * GitHub logins of bots whose pushes to branches and tags count as those of somebody with write permission: `github-merge-queue[bot]`. On pull requests, bots never start anything.
       */
      bots: string[];
      /**
       * Maximum number of builds that start without a command, for each repository and day (UTC). Commands aren't limited.
       */
      daily_limit: number;
    };
    /**
     * Builds of pull requests from forks. Each commit needs an approval with /ok-to-test. Without this section, the server refuses them.
     */
    forks?: {
      /**
       * Where their images and layer caches are pushed, and nothing else.
       */
      registry: string;
      /**
       * Pod manifest with a credential for only that registry.
       */
      manifest: KanikoManifest;
    };
    /**
     * Limits on concurrent work.
     */
    queue: {
      /**
       * Commands of one repository that run at the same time.
       */
      per_repository: number;
      /**
       * Commands of all repositories that run at the same time.
       */
      total: number;
      /**
       * Maximum number of waiting commands. The server finds further commands when it next checks recent comments.
       */
      length: number;
    };
    /**
     * Seconds between two checks of GitHub for changes that no delivery reported: commands, pushes, closed pull requests, revoked permissions. Each check needs two or three requests for each repository, and two or three for each pull request with running builds.
     */
    look_seconds: number;
    /**
     * Longest time, in seconds, until a changed settings file is used. Each replica waits a random part of it, so that they don't all change at the same moment.
     */
    reload_seconds: number;
    /**
     * The processes that read repositories. The server refuses a command that exceeds these limits.
     */
    planning: {
      /**
       * Number of processes. Each reads one commit at a time.
       */
      workers: number;
      /**
       * Maximum seconds for fetching, reading and planning one commit.
       */
      seconds: number;
      /**
       * Maximum seconds for packing and storing the contexts of one commit.
       */
      storing_seconds: number;
      /**
       * Maximum memory of each process in bytes, including git.
       */
      memory: number;
    };
    /**
     * The cache of repositories.
     */
    cache: {
      /**
       * Folder for the cache. Its content can be deleted at any time.
       */
      folder: string;
      /**
       * Maximum size of the cache. Above it, the least recently used repositories are deleted.
       */
      bytes: number;
    };
    /**
     * The lowest level that is logged.
     */
    log_level: 'trace' | 'debug' | 'info' | 'warn' | 'error';
  };
}
export interface NotifyChannel {
  /**
   * Name of the channel, for config.yaml.
   */
  name: string;
  /**
   * What is sent: a message for Slack's incoming webhooks, or signed JSON.
   */
  kind: 'slack' | 'webhook';
  /**
   * Repositories that can use the channel: `owner/name`, with `*` for any characters but `/`. A `!` in front excludes a repository.
   */
  repositories: string[];
  /**
   * Notify of every build of these repositories, even if their config.yaml doesn't name the channel.
   */
  always: boolean;
  /**
   * Events: `failed`, and `recovered` for the first success after a failure on the same pull request.
   *
   * @minItems 1
   */
  on: ['failed' | 'recovered', ...('failed' | 'recovered')[]];
  /**
   * Address of a `webhook` channel, if it isn't secret.
   */
  url?: string;
  /**
   * File with the address. An address of Slack is a secret: anybody who has it can post.
   */
  url_file?: string;
  /**
   * File with the secret that signs what a `webhook` channel gets.
   */
  secret_file?: string;
  /**
   * File with the CA certificates (PEM) for the receiver's certificate, if Node doesn't trust it by default.
   */
  ca_file?: string;
  /**
   * Connect to private, link-local and loopback addresses, too: for a receiver in your own network.
   */
  allow_private: boolean;
}
export interface RepositoryRule {
  /**
   * Repositories that the rule applies to: `owner/name`, with `*` for any characters but `/`. A `!` in front excludes a repository.
   */
  repositories: string[];
  /**
   * Where their images and layer caches can be pushed: registries, or repositories with everything below them.
   */
  registries: string[];
  /**
   * Kubeflow namespaces that `pipeline.namespace` can name.
   */
  namespaces: string[];
  /**
   * Names that `pipeline.name` can have; `*` at the end of a name matches any characters.
   */
  pipelines: string[];
  /**
   * Experiments that `pipeline.experiment_name` can name; `*` at the end of a name matches any characters.
   */
  experiments: string[];
  /**
   * Images that `pipeline.compiler_image` can name. An image without a tag and digest allows all tags and digests of its repository. The image in the settings and the repository's own images are always allowed.
   */
  compiler_images: string[];
  /**
   * Hosts of registries for which config.yaml can set `insecure: true`.
   */
  insecure_registries: string[];
  /**
   * Names that their kaniko-manifest.yaml can use.
   */
  manifest: {
    /**
     * Secrets.
     */
    secrets: string[];
    /**
     * ConfigMaps.
     */
    config_maps: string[];
    /**
     * PersistentVolumeClaims.
     */
    claims: string[];
    /**
     * Images of Kaniko, exactly as written in the manifest. The image in the settings is always allowed.
     */
    images: string[];
    /**
     * Keys of labels. Services and NetworkPolicies use labels to select pods.
     */
    labels: string[];
  };
  /**
   * Branches whose kaniko-manifest.yaml applies to pull requests into them. For all other pull requests, the file on the repository's default branch applies. `*` matches any characters but `/`.
   */
  manifest_branches: string[];
  /**
   * Kubernetes namespace in which their builds run. Default: `namespace`.
   */
  build_namespace?: string;
  /**
   * The Pod manifest for repositories without a kaniko-manifest.yaml, with their own registry credential. Default: `kaniko.manifest`.
   */
  kaniko_manifest?: KanikoManifest;
  /**
   * Service accounts for only these repositories, in the namespace of the builds.
   */
  service_accounts?: {
    /**
     * The cloud identity of their builds. Default: `service_accounts.builder`.
     */
    builder?: string;
    /**
     * The account that publishes and runs their pipelines. Default: `service_accounts.publisher`.
     */
    publisher?: string;
  };
  /**
   * Size limits of their builds, within the global `limits`.
   */
  limits?: {
    /**
     * Maximum number of images in one repository.
     */
    images?: number;
    /**
     * Maximum number of files in one build context.
     */
    context_files?: number;
    /**
     * Maximum bytes of one build context, before compression.
     */
    context_bytes?: number;
    /**
     * Maximum number of files and folders in one commit, or in one folder.
     */
    repository_files?: number;
  };
  /**
   * What starts builds without a command, as far as a repository's config.yaml asks for it (`triggers`). Without this section, nothing does.
   */
  triggers?: {
    /**
     * What a commit on a pull request of somebody with write permission can start. Forks never start anything.
     */
    pull_request: ('plan' | 'build')[];
    /**
     * What a push to a branch by somebody with write permission can start: merges, too.
     */
    push: ('build' | 'build_run')[];
    /**
     * What a tag pushed by somebody with write permission can start.
     */
    tag: ('build' | 'build_run')[];
    /**
     * GitHub logins of bots whose pushes to branches and tags count as those of somebody with write permission: `github-merge-queue[bot]`. On pull requests, bots never start anything.
     */
    bots: string[];
    /**
     * Maximum number of builds that start without a command, for each repository and day (UTC). Commands aren't limited.
     */
    daily_limit: number;
  };
  /**
   * Builds of their forks. Without this section, the server refuses them.
   */
  forks?: {
    /**
     * Where images and layer caches of the forks are pushed, and nothing else.
     */
    registry: string;
    /**
     * Pod manifest with a credential for only that registry.
     */
    manifest: KanikoManifest;
  };
}
