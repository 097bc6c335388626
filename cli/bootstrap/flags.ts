import type { ClusterFlags } from '../options.js';

/** Options of `kfops bootstrap`, as they were given. */
export interface BootstrapFlags extends ClusterFlags {
  readonly registry?: readonly string[];
  readonly imagesRegistry?: string;
  readonly kanikoImage?: string;
  readonly repository?: readonly string[];
  readonly sharedTrust?: true;
  readonly url?: string;
  readonly profileNamespace?: readonly string[];
  readonly namespace?: string;
  readonly serverNamespace?: string;
  readonly storeEndpoint?: string;
  readonly storeAccessKeyFile?: string;
  readonly storeSecretKeyFile?: string;
  readonly storeRegion?: string;
  readonly argoUrl?: string;
  readonly kfpEndpoint?: string;
  readonly kfpUrl?: string;
  readonly githubAppId?: string;
  readonly githubKeyFile?: string;
  readonly githubTokenFile?: string;
  readonly webhookSecretFile?: string;
  readonly extraCertificates?: string;
  readonly githubApiUrl?: string;
  readonly registryLogin?: string;
  readonly imagesRegistryLogin?: string;
  readonly insecure?: true;
  readonly ingressClass?: string;
  readonly tlsSecret?: string;
  readonly ingressAnnotation?: readonly string[];
  /** False: `--no-images`. */
  readonly images?: boolean;
  readonly set?: readonly string[];
  readonly dryRun?: true;
  readonly yes?: true;
}

/** The words of each value that is known, by its key. */
export type KnownValues = ReadonlyMap<keyof BootstrapFlags, readonly string[]>;
