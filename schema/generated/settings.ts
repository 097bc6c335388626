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
  };
  /**
   * The tool that builds images.
   */
  kaniko: {
    /**
     * Image of Kaniko, by version. A repository's kaniko-manifest.yaml can name another.
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
     * Image in which the pipeline is compiled.
     */
    image: string;
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
     * The one that gives builds a cloud identity (GKE, EKS). Default: builds have none.
     */
    builder?: string;
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
    timeout: number | string;
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
    timeout: number | string;
    /**
     * How long pods stay, with their logs: seconds, or a text such as 30m, 24h, 2d.
     */
    keep_pods: number | string;
    /**
     * How long the workflow itself stays: seconds, or a text such as 24h, 7d.
     */
    keep: number | string;
  };
}
