// Written by scripts/generate-types.ts from the JSON Schemas. Change those, then run: npm run generate

import type {KanikoManifest} from './kaniko-manifest.js';

/**
 * What belongs to the cluster and not to a repository. Everything has a default: an empty file is valid.
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
     * Address of Argo's page, for links to a workflow.
     */
    url?: string;
    /**
     * Argo's server, with which `kfops retry` continues the same workflow. Without this section a retry is a new workflow.
     */
    server?: {
      /**
       * Address of its API, as the command line reaches it.
       */
      endpoint: string;
      /**
       * File with the certificates (PEM) that vouch for it, where Node does not know them.
       */
      ca_file?: string;
      /**
       * Check its certificate. A certificate that Argo creates for itself at each start cannot be checked.
       */
      verify: boolean;
      /**
       * File with the token that it is shown. Default: the token of the kubeconfig.
       */
      token_file?: string;
    };
  };
  /**
   * The tool that builds images.
   */
  kaniko: {
    /**
     * Image of Kaniko, by version; pin it by digest (NAME@sha256:…). A repository's kaniko-manifest.yaml can name another.
     */
    image: string;
    /**
     * A Pod manifest for repositories that have no config_files/kaniko-manifest.yaml of their own.
     */
    manifest?: KanikoManifest;
  };
  /**
   * The object store, as the cluster reaches it.
   */
  minio: {
    /**
     * host or host:port, without http://. Without a port: 9000.
     */
    endpoint: string;
    /**
     * Use https.
     */
    secure: boolean;
    /**
     * Region of the bucket, where the store asks for one.
     */
    region?: string;
    /**
     * The Secret, in the namespace of the builds, that holds the store's keys.
     */
    secret: {
      /**
       * Name of the Secret.
       */
      name: string;
      /**
       * Which key of the Secret holds the access key.
       */
      access_key: string;
      /**
       * Which key of the Secret holds the secret key.
       */
      secret_key: string;
    };
  };
  /**
   * The step that compiles the pipeline.
   */
  compiler: {
    /**
     * Image in which the pipeline is compiled, made of pipeline/compiler; pin it by digest. A repository's compiler_image can name another.
     */
    image: string;
    /**
     * How long the pipeline's code may take: seconds, or a text such as 90s, 5m.
     */
    timeout: string;
    /**
     * How much memory the pipeline's code may take, in MiB of address space. The pod may use half a GiB more.
     */
    memory: number;
  };
  /**
   * The steps that pin, publish and run the pipeline.
   */
  kfops: {
    /**
     * Kfops' own image, of which the steps that publish and run a pipeline are; pin it by digest.
     */
    image: string;
  };
  /**
   * Kubeflow Pipelines. Without this section the compiled pipeline is an artifact of the workflow, and is not published.
   */
  kfp?: {
    /**
     * Address of the API server, as the cluster reaches it.
     */
    endpoint: string;
    /**
     * Address of the page of Kubeflow Pipelines, for links to versions and runs.
     */
    url?: string;
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
     * The one with which Argo reports the results of steps.
     */
    executor: string;
    /**
     * Gives builds a cloud identity (GKE, EKS). Default: builds have none.
     */
    builder?: string;
    /**
     * May publish and run pipelines. Used only with kfp.
     */
    publisher: string;
  };
  /**
   * Where images may be pushed: registries, or repositories with everything below them. Empty: the command line allows all; the server refuses to start.
   */
  registries: string[];
  /**
   * How large a build may be.
   */
  limits: {
    /**
     * Images of one repository.
     */
    images: number;
    /**
     * Files and folders of one commit, or of one folder.
     */
    repository_files: number;
    /**
     * Files of one build context.
     */
    context_files: number;
    /**
     * Bytes of one build context, before compression.
     */
    context_bytes: number;
  };
  /**
   * The build of an image.
   */
  build: {
    /**
     * How long a build may take where its image does not say: seconds, or a text such as 90s, 30m, 2h, 1d.
     */
    timeout: string;
    /**
     * How often a build is tried again when its pod was lost. A failed RUN is never tried again.
     */
    retries: number;
  };
  /**
   * How long a workflow may take, and what stays in the cluster after it.
   */
  workflow: {
    /**
     * How long a workflow may take in all, the time that pods wait for a node included: seconds, or a text such as 90m, 24h.
     */
    timeout: string;
    /**
     * How long pods stay, with their logs: seconds, or a text such as 30m, 24h, 2d.
     */
    keep_pods: string;
    /**
     * How long the workflow itself stays: seconds, or a text such as 24h, 7d.
     */
    keep: string;
  };
  /**
   * The chatops server, `kfops serve`. The command line does not read this section.
   */
  server: {
    /**
     * Address to listen at.
     */
    address: string;
    /**
     * Port to listen at; 0 takes a free one.
     */
    port: number;
    /**
     * Address at which GitHub and people reach the server, for GitHub's set-up.
     */
    url?: string;
    /**
     * Repositories whose commands are obeyed, exactly.
     */
    repositories: string[];
    /**
     * The repositories trust each other: several of them may be served without `rules`, and rules may share registries and pipelines.
     */
    shared_trust: boolean;
    /**
     * What each repository may do; the first rule that matches it counts, and a repository without a matching rule is refused. What a rule does not list is not allowed. Without rules, the lists of this section are for all repositories.
     */
    rules?: RepositoryRule[];
    /**
     * Kubeflow namespaces that a repository's pipeline may name. Empty: none, and the server refuses to start.
     */
    namespaces: string[];
    /**
     * A word before every command, `/kfops build`, where another bot has /build.
     */
    command_prefix?: string;
    /**
     * What a new build does to a running build of the same pull request: stop it, queue behind it, or refuse while it runs.
     */
    supersede: 'stop' | 'queue' | 'refuse';
    /**
     * How the server knows GitHub, and GitHub the server. Secrets are files.
     */
    github: {
      /**
       * Address of GitHub's API. Default: the environment variable GITHUB_API_URL, else https://api.github.com.
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
       * File with a token, instead of an App: a machine account's.
       */
      token_file?: string;
      /**
       * Files with the secret of the webhook. Two while it is exchanged.
       *
       * @maxItems 2
       */
      webhook_secret_files: [] | [string] | [string, string];
      /**
       * Writes that GitHub takes in a minute.
       */
      writes_per_minute: number;
      /**
       * Writes that GitHub takes in an hour.
       */
      writes_per_hour: number;
    };
    /**
     * How the server itself reaches the object store.
     */
    minio: {
      /**
       * host or host:port, where it differs from `minio.endpoint`.
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
       * The bucket for build contexts, for all repositories. The bucket of config.yaml is not used.
       */
      bucket: string;
    };
    /**
     * Names of pipelines that `pipeline.name` may have; `*` at the end of a name matches any characters.
     */
    pipelines: string[];
    /**
     * Experiments that `pipeline.experiment_name` may name; `*` at the end of a name matches any characters.
     */
    experiments: string[];
    /**
     * Images that `pipeline.compiler_image` may name. One without tag and digest allows all tags and digests of its repository. The image of the settings and the repository's own images are always allowed.
     */
    compiler_images: string[];
    /**
     * Hosts of registries for which config.yaml may say `insecure: true`.
     */
    insecure_registries: string[];
    /**
     * What a repository's kaniko-manifest.yaml may name.
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
       * Images of Kaniko, exactly as the manifest writes them. The image of the settings is always allowed.
       */
      images: string[];
      /**
       * Keys of labels. Services and NetworkPolicies select pods by them.
       */
      labels: string[];
    };
    /**
     * Branches whose kaniko-manifest.yaml counts for pull requests that want to change them; for all others that of the repository's default branch counts. `*` matches any characters but `/`.
     */
    manifest_branches: string[];
    /**
     * Builds of pull requests from forks, each commit allowed by /ok-to-test. Without this section they are refused.
     */
    forks?: {
      /**
       * Where their images and their layer cache go, and nothing else.
       */
      registry: string;
      /**
       * Pod manifest with the credential for that registry alone.
       */
      manifest: KanikoManifest;
    };
    /**
     * How much is done at once.
     */
    queue: {
      /**
       * Commands of one repository.
       */
      per_repository: number;
      /**
       * Commands in all.
       */
      total: number;
      /**
       * Commands that may wait; further ones are found by the next look at recent comments.
       */
      length: number;
    };
    /**
     * Seconds between two looks at GitHub for what no delivery told of: commands, closed pull requests, revoked permissions. Each look costs two requests for each repository, and two or three for each pull request with running builds.
     */
    look_seconds: number;
    /**
     * The processes that read repositories. A command that takes more than this is refused.
     */
    planning: {
      /**
       * Processes, of which each reads one commit at a time.
       */
      workers: number;
      /**
       * Seconds for fetching, reading and planning one commit.
       */
      seconds: number;
      /**
       * Seconds for packing and storing the contexts of one commit.
       */
      storing_seconds: number;
      /**
       * Bytes of memory of each process, with git.
       */
      memory: number;
    };
    /**
     * What is kept of the repositories.
     */
    cache: {
      /**
       * Folder for it; what is in it can be deleted at any time.
       */
      folder: string;
      /**
       * How large it may grow before repositories that were not used for long are dropped.
       */
      bytes: number;
    };
    /**
     * Least important lines that are logged.
     */
    log_level: 'trace' | 'debug' | 'info' | 'warn' | 'error';
  };
}
export interface RepositoryRule {
  /**
   * Repositories that the rule is for: `owner/name`, with `*` for any characters but `/`. A `!` before one takes it out.
   */
  repositories: string[];
  /**
   * Where their images and layer caches go: registries, or repositories with everything below them.
   */
  registries: string[];
  /**
   * Kubeflow namespaces that `pipeline.namespace` may name.
   */
  namespaces: string[];
  /**
   * Names of pipelines that `pipeline.name` may have; `*` at the end of a name matches any characters.
   */
  pipelines: string[];
  /**
   * Experiments that `pipeline.experiment_name` may name; `*` at the end of a name matches any characters.
   */
  experiments: string[];
  /**
   * Images that `pipeline.compiler_image` may name. One without tag and digest allows all tags and digests of its repository. The image of the settings and the repository's own images are always allowed.
   */
  compiler_images: string[];
  /**
   * Hosts of registries for which config.yaml may say `insecure: true`.
   */
  insecure_registries: string[];
  /**
   * What their kaniko-manifest.yaml may name.
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
     * Images of Kaniko, exactly as the manifest writes them. The image of the settings is always allowed.
     */
    images: string[];
    /**
     * Keys of labels. Services and NetworkPolicies select pods by them.
     */
    labels: string[];
  };
  /**
   * Branches whose kaniko-manifest.yaml counts for pull requests that want to change them; for all others that of the repository's default branch counts. `*` matches any characters but `/`.
   */
  manifest_branches: string[];
  /**
   * The Pod manifest of those without a kaniko-manifest.yaml, with their own credential for the registry. Default: `kaniko.manifest`.
   */
  kaniko_manifest?: KanikoManifest;
  /**
   * Service accounts for them alone, in the namespace of the builds.
   */
  service_accounts?: {
    /**
     * The cloud identity of their builds. Default: `service_accounts.builder`.
     */
    builder?: string;
    /**
     * Publishes and runs their pipelines. Default: `service_accounts.publisher`.
     */
    publisher?: string;
  };
  /**
   * How large their builds may be, within the `limits` of all.
   */
  limits?: {
    /**
     * Images of one repository.
     */
    images?: number;
    /**
     * Files of one build context.
     */
    context_files?: number;
    /**
     * Bytes of one build context, before compression.
     */
    context_bytes?: number;
    /**
     * Files and folders of one commit, or of one folder.
     */
    repository_files?: number;
  };
  /**
   * Builds of their forks. Without this section they are refused.
   */
  forks?: {
    /**
     * Where images and layer caches of the forks go, and nothing else.
     */
    registry: string;
    /**
     * Pod manifest with the credential for that registry alone.
     */
    manifest: KanikoManifest;
  };
}
