import type { StoreKeys } from '../../argo/network/reach-store.js';
import type { Endpoint } from '../../stores/endpoint.js';

/** What an installation is made of: every value is checked. */
export interface Choices {
  /** Where teams' images are pushed. */
  readonly registries: readonly string[];
  /** Where Kfops' own two images are. */
  readonly imagesRegistry: string;
  /** Of Kaniko, from a mirror. Absent: the default of the settings. */
  readonly kanikoImage?: string;
  /** `owner/name` */
  readonly repositories: readonly string[];
  readonly sharedTrust: boolean;
  /** Public address of the server, without a slash at its end. */
  readonly url: string;
  /** Kubeflow namespaces in which pipelines can run. */
  readonly profiles: readonly string[];
  /** Namespace of the builds. */
  readonly builds: string;
  /** Namespace of the server. */
  readonly server: string;
  /** Absent: Kubeflow's, as found in the cluster. */
  readonly store?: Endpoint;
  /** Absent: those of Kubeflow's Secret. */
  readonly storeKeys?: StoreKeys;
  readonly region?: string;
  readonly argoUrl?: string;
  /** Absent: as found in the cluster. */
  readonly kfpEndpoint?: string;
  readonly kfpUrl?: string;
  /** Absent: the Secret in the cluster, or a new App. */
  readonly github?: GitHubCredentials;
  readonly githubApiUrl?: string;
  /** Authorities (PEM) that the server trusts as well. */
  readonly certificates?: string;
  /** Of the registries where builds push. Builds can use it, and so can code of a pull request. */
  readonly login?: RegistryLogin;
  /** Of the registry of Kfops' own images, which no build gets. Absent: {@link login} is for that host, too, or none. */
  readonly imagesLogin?: RegistryLogin;
  /** The registries have plain http or an untrusted certificate. */
  readonly insecure: boolean;
  readonly ingress?: {
    readonly className: string;
    readonly tlsSecret?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** How the server signs in to GitHub. */
export type GitHubCredentials =
  | { readonly kind: 'app'; readonly id: number; readonly privateKey: string; readonly webhookSecret: string }
  | { readonly kind: 'token'; readonly token: string; readonly webhookSecret: string };

/** What a Docker config.json has for some registries. */
export interface RegistryLogin {
  /** The whole file; absolute. */
  readonly file: string;
  /** A config.json with `auths` for these registries alone. */
  readonly json: string;
}
