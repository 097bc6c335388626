import type { Config, Diagnostic, KanikoManifest, KanikoPod, Located, Settings } from '../../schema/index.js';
import type { ContextSource } from '../ports.js';
import type { ManifestNames } from './manifest-names.js';

/** A repository at one state, its configuration read and checked. */
export interface Project {
  readonly source: ContextSource;
  readonly settings: Settings;
  readonly config: Located<Config>;
  /** The repository's own manifest, else the settings', else nothing but Kaniko. */
  readonly kaniko: KanikoPod;
  /** Warnings of both files. */
  readonly warnings: readonly Diagnostic[];
  /** Keys of `pipeline.pipeline_args` that the caller has set: the pipeline must have them. */
  readonly setArguments?: readonly string[];
  /** It is somebody else's: its images neither take from nor give to those of other builds. */
  readonly isFork?: true;
  /** The bucket of build contexts, where the repository has no say in it. */
  readonly bucket?: string;
}

/**
 * What the files of a pull request may decide where they are built for somebody else: on a server. Without such rules,
 * as on the command line, the caller's own rights decide. Plain data. Registries and limits are those of the settings
 * that belong to these rules.
 */
export interface TrustRules {
  /** Where the pull request is: `repository` in config.yaml must name it. */
  readonly repository: { readonly owner: string; readonly name: string };
  /** Kubeflow namespaces that `pipeline.namespace` may name. */
  readonly namespaces: readonly string[];
  /** Names, or starts of names with `*`, that `pipeline.name` may have. */
  readonly pipelines: readonly string[];
  /** The same for `pipeline.experiment_name`. */
  readonly experiments: readonly string[];
  /** Images that `pipeline.compiler_image` may name, in addition to the repository's own and that of the settings. */
  readonly compilerImages: readonly string[];
  /** Hosts of registries for which the files may say `insecure`. */
  readonly insecureRegistries: readonly string[];
  /** Channels for notifications that `notify.channels` can name. */
  readonly channels: readonly string[];
  /** The bucket of build contexts, whatever config.yaml says. */
  readonly bucket: string;
  /** The kaniko-manifest.yaml that counts: nobody changes the branch that it is read at without a review. */
  readonly manifest: { readonly branch: string; readonly text?: string };
  /** What that manifest may name. */
  readonly names: ManifestNames;
  /** For the files of a fork: where its images and cache go, and the only Pod manifest it is built with. */
  readonly fork?: { readonly registry: string; readonly manifest: KanikoManifest };
}

/** A Kaniko manifest as it is read. */
export interface ManifestText {
  /** For diagnostics. */
  readonly file: string;
  readonly text: string | undefined;
  /** What its reader should know. */
  readonly warnings: readonly Diagnostic[];
}
