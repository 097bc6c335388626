/** A piece of a Kubernetes manifest that is passed on as it was written. */
export type KubernetesObject = Readonly<Record<string, unknown>>;

/** What a Kaniko manifest gives to each build pod: only fields of the allow-list, ready for a template. */
export interface KanikoPod {
  readonly labels: Readonly<Record<string, string>>;
  readonly pod: {
    readonly volumes?: readonly KubernetesObject[];
    readonly nodeSelector?: Readonly<Record<string, string>>;
    readonly tolerations?: readonly KubernetesObject[];
    readonly affinity?: KubernetesObject;
    readonly imagePullSecrets?: readonly KubernetesObject[];
    readonly securityContext?: KubernetesObject;
  };
  readonly container: {
    /** Wins over the image of the settings. */
    readonly image?: string;
    readonly imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
    readonly env?: readonly KubernetesObject[];
    readonly envFrom?: readonly KubernetesObject[];
    readonly volumeMounts?: readonly KubernetesObject[];
    readonly resources?: KubernetesObject;
    readonly securityContext?: KubernetesObject;
  };
}
