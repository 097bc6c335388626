// Written by scripts/generate-types.ts from the JSON Schemas. Change those, then run: npm run generate

/**
 * A Kubernetes quantity, such as 500m, 2, 512Mi or 4Gi.
 */
export type Quantity = string;

/**
 * config_files/kaniko-manifest.yaml: a Pod manifest with the environment, volumes, resources and node selection of the build pods.
 */
export interface KanikoManifest {
  /**
   * v1
   */
  apiVersion?: 'v1';
  /**
   * Pod
   */
  kind?: 'Pod';
  /**
   * Labels for the build pods. Kfops sets their names.
   */
  metadata?: {
    /**
     * Ignored: Argo names the pods.
     */
    name?: string;
    /**
     * Ignored: Argo names the pods.
     */
    generateName?: string;
    /**
     * Labels of the build pods.
     */
    labels?: {
      [k: string]: string;
    };
  };
  /**
   * The pod.
   */
  spec: {
    /**
     * Kaniko's container, and no other.
     *
     * @minItems 1
     */
    containers: [Container, ...Container[]];
    /**
     * Volumes for the container's mounts.
     */
    volumes?: Volume[];
    /**
     * Labels that a node must have.
     */
    nodeSelector?: {
      [k: string]: string;
    };
    /**
     * Taints of nodes that the pod tolerates.
     *
     * Items: A toleration.
     */
    tolerations?: {
      /**
       * Key of the taint.
       */
      key?: string;
      /**
       * Equal or Exists.
       */
      operator?: string;
      /**
       * Value of the taint.
       */
      value?: string;
      /**
       * NoSchedule, PreferNoSchedule or NoExecute.
       */
      effect?: string;
      /**
       * How long a taint with NoExecute is tolerated.
       */
      tolerationSeconds?: number;
      [k: string]: unknown;
    }[];
    /**
     * Nodes and other pods to prefer or avoid.
     */
    affinity?: {
      /**
       * Rules for choosing nodes.
       */
      nodeAffinity?: {
        /**
         * Required conditions.
         */
        requiredDuringSchedulingIgnoredDuringExecution?: {
          /**
           * Terms, of which at least one must match.
           */
          nodeSelectorTerms?: NodeSelectorTerm[];
          [k: string]: unknown;
        };
        /**
         * Preferred conditions.
         *
         * Items: A term and its weight.
         */
        preferredDuringSchedulingIgnoredDuringExecution?: {
          /**
           * 1 to 100.
           */
          weight?: number;
          preference?: NodeSelectorTerm;
          [k: string]: unknown;
        }[];
        [k: string]: unknown;
      };
      podAffinity?: PodAffinity;
      podAntiAffinity?: PodAffinity;
      [k: string]: unknown;
    };
    /**
     * Secrets for pulling Kaniko's own image.
     *
     * Items: A Secret.
     */
    imagePullSecrets?: {
      /**
       * Name of the Secret.
       */
      name: string;
    }[];
    /**
     * Security settings of the pod.
     */
    securityContext?: {
      /**
       * User ID. Kaniko needs 0.
       */
      runAsUser?: number;
      /**
       * Group ID.
       */
      runAsGroup?: number;
      /**
       * Don't start the container as root.
       */
      runAsNonRoot?: boolean;
      /**
       * Group ID that owns the volumes.
       */
      fsGroup?: number;
      /**
       * When to change the group of volumes.
       */
      fsGroupChangePolicy?: string;
      /**
       * Additional groups.
       */
      supplementalGroups?: number[];
      /**
       * How additional groups are determined.
       */
      supplementalGroupsPolicy?: string;
      /**
       * The seccomp profile.
       */
      seccompProfile?: {
        /**
         * RuntimeDefault, Localhost or Unconfined.
         */
        type?: string;
        /**
         * Name of a profile on the node.
         */
        localhostProfile?: string;
        [k: string]: unknown;
      };
      /**
       * The AppArmor profile.
       */
      appArmorProfile?: {
        /**
         * RuntimeDefault, Localhost or Unconfined.
         */
        type?: string;
        /**
         * Name of a profile on the node.
         */
        localhostProfile?: string;
        [k: string]: unknown;
      };
      /**
       * SELinux labels.
       */
      seLinuxOptions?: {
        /**
         * SELinux user.
         */
        user?: string;
        /**
         * SELinux role.
         */
        role?: string;
        /**
         * SELinux type.
         */
        type?: string;
        /**
         * SELinux level.
         */
        level?: string;
        [k: string]: unknown;
      };
      /**
       * How SELinux labels are applied to volumes.
       */
      seLinuxChangePolicy?: string;
    };
    /**
     * Only Never: Argo handles retries.
     */
    restartPolicy?: 'Never';
  };
}
/**
 * A container. Kaniko's container is named kaniko, or has kaniko in its image, or is the only container.
 */
export interface Container {
  /**
   * Name of the container.
   */
  name?: string;
  /**
   * Image of Kaniko. It overrides the cluster's settings.
   */
  image?: string;
  /**
   * When to pull the image.
   */
  imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
  /**
   * Environment variables.
   *
   * Items: An environment variable of the build.
   */
  env?: {
    /**
     * Its name.
     */
    name: string;
    /**
     * Its value.
     */
    value?: string;
    /**
     * Source of its value.
     */
    valueFrom?: {
      /**
       * A key of a Secret.
       */
      secretKeyRef?: {
        /**
         * Name of the object.
         */
        name: string;
        /**
         * Key in the object.
         */
        key: string;
        /**
         * The object doesn't have to exist.
         */
        optional?: boolean;
      };
      /**
       * A key of a ConfigMap.
       */
      configMapKeyRef?: {
        /**
         * Name of the object.
         */
        name: string;
        /**
         * Key in the object.
         */
        key: string;
        /**
         * The object doesn't have to exist.
         */
        optional?: boolean;
      };
      fieldRef?: FieldRef;
      resourceFieldRef?: ResourceFieldRef;
    };
  }[];
  /**
   * Environment variables from whole objects.
   *
   * Items: Environment variables from all keys of an object.
   */
  envFrom?: {
    /**
     * Prefix for each name.
     */
    prefix?: string;
    /**
     * A Secret.
     */
    secretRef?: {
      /**
       * Name of the object.
       */
      name: string;
      /**
       * The object doesn't have to exist.
       */
      optional?: boolean;
    };
    /**
     * A ConfigMap.
     */
    configMapRef?: {
      /**
       * Name of the object.
       */
      name: string;
      /**
       * The object doesn't have to exist.
       */
      optional?: boolean;
    };
  }[];
  /**
   * Volumes in the container's file system.
   *
   * Items: A volume in the container's file system.
   */
  volumeMounts?: {
    /**
     * Name of the volume.
     */
    name: string;
    /**
     * Where to mount the volume. / and /kaniko aren't allowed; /kaniko/.docker is.
     */
    mountPath: string;
    /**
     * A folder or file in the volume.
     */
    subPath?: string;
    /**
     * Mount it read-only.
     */
    readOnly?: boolean;
    /**
     * Also mount everything below it read-only.
     */
    recursiveReadOnly?: string;
    /**
     * Mount propagation to the node. Only None is allowed.
     */
    mountPropagation?: string;
  }[];
  /**
   * Resource requests and limits of the container.
   */
  resources?: {
    /**
     * Kubernetes quantities by the name of the resource.
     */
    requests?: {
      [k: string]: string;
    };
    /**
     * Kubernetes quantities by the name of the resource.
     */
    limits?: {
      [k: string]: string;
    };
  };
  /**
   * Security settings of the container. privileged isn't allowed.
   */
  securityContext?: {
    /**
     * Capabilities in addition to those that Kaniko needs.
     */
    capabilities?: {
      /**
       * Capabilities to add.
       */
      add?: string[];
      /**
       * Capabilities to drop.
       */
      drop?: string[];
    };
    /**
     * User ID. Kaniko needs 0.
     */
    runAsUser?: number;
    /**
     * Group ID.
     */
    runAsGroup?: number;
    /**
     * Don't start the container as root.
     */
    runAsNonRoot?: boolean;
    /**
     * Read-only root file system. Kaniko doesn't work with it.
     */
    readOnlyRootFilesystem?: boolean;
    /**
     * Whether a process can gain more privileges.
     */
    allowPrivilegeEscalation?: boolean;
    /**
     * The seccomp profile.
     */
    seccompProfile?: {
      /**
       * RuntimeDefault, Localhost or Unconfined.
       */
      type?: string;
      /**
       * Name of a profile on the node.
       */
      localhostProfile?: string;
      [k: string]: unknown;
    };
    /**
     * The AppArmor profile.
     */
    appArmorProfile?: {
      /**
       * RuntimeDefault, Localhost or Unconfined.
       */
      type?: string;
      /**
       * Name of a profile on the node.
       */
      localhostProfile?: string;
      [k: string]: unknown;
    };
    /**
     * SELinux labels.
     */
    seLinuxOptions?: {
      /**
       * SELinux user.
       */
      user?: string;
      /**
       * SELinux role.
       */
      role?: string;
      /**
       * SELinux type.
       */
      type?: string;
      /**
       * SELinux level.
       */
      level?: string;
      [k: string]: unknown;
    };
    /**
     * Only false is allowed: a build must not reach its node.
     */
    privileged?: boolean;
  };
}
/**
 * A field of the pod.
 */
export interface FieldRef {
  /**
   * v1
   */
  apiVersion?: string;
  /**
   * Path of the field.
   */
  fieldPath?: string;
  [k: string]: unknown;
}
/**
 * A resource of the container.
 */
export interface ResourceFieldRef {
  /**
   * Name of the container.
   */
  containerName?: string;
  /**
   * Name of the resource, such as limits.cpu.
   */
  resource?: string;
  divisor?: Quantity;
  [k: string]: unknown;
}
/**
 * A volume of the pod.
 */
export interface Volume {
  /**
   * Name that mounts refer to.
   */
  name: string;
  /**
   * Files from a Secret.
   */
  secret?: {
    /**
     * Name of the Secret.
     */
    secretName?: string;
    /**
     * Keys and the files that they become. Default: all keys.
     *
     * Items: One key as a file.
     */
    items?: {
      /**
       * Key.
       */
      key: string;
      /**
       * Path of the file below the mount.
       */
      path: string;
      /**
       * Mode of the file.
       */
      mode?: number;
    }[];
    /**
     * Mode of the files.
     */
    defaultMode?: number;
    /**
     * The object doesn't have to exist.
     */
    optional?: boolean;
  };
  /**
   * Files from a ConfigMap.
   */
  configMap?: {
    /**
     * Name of the ConfigMap.
     */
    name?: string;
    /**
     * Keys and the files that they become. Default: all keys.
     *
     * Items: One key as a file.
     */
    items?: {
      /**
       * Key.
       */
      key: string;
      /**
       * Path of the file below the mount.
       */
      path: string;
      /**
       * Mode of the file.
       */
      mode?: number;
    }[];
    /**
     * Mode of the files.
     */
    defaultMode?: number;
    /**
     * The object doesn't have to exist.
     */
    optional?: boolean;
  };
  /**
   * An empty folder on the node.
   */
  emptyDir?: {
    /**
     * Memory, or empty to use the node's disk.
     */
    medium?: string;
    /**
     * Maximum size.
     */
    sizeLimit?: string;
  };
  /**
   * A PersistentVolumeClaim.
   */
  persistentVolumeClaim?: {
    /**
     * Name of the claim.
     */
    claimName: string;
    /**
     * Mount it read-only.
     */
    readOnly?: boolean;
  };
  /**
   * Several sources in one folder.
   */
  projected?: {
    /**
     * Mode of the files.
     */
    defaultMode?: number;
    /**
     * Content of the folder.
     *
     * Items: One source.
     */
    sources?: {
      /**
       * Keys of a Secret.
       */
      secret?: {
        /**
         * Name of the object.
         */
        name?: string;
        /**
         * Keys and their files. Default: all keys.
         *
         * Items: A key and its file.
         */
        items?: {
          /**
           * The key.
           */
          key?: string;
          /**
           * Path of the file.
           */
          path?: string;
          /**
           * Mode of the file.
           */
          mode?: number;
          [k: string]: unknown;
        }[];
        /**
         * The object doesn't have to exist.
         */
        optional?: boolean;
        [k: string]: unknown;
      };
      /**
       * Keys of a ConfigMap.
       */
      configMap?: {
        /**
         * Name of the object.
         */
        name?: string;
        /**
         * Keys and their files. Default: all keys.
         *
         * Items: A key and its file.
         */
        items?: {
          /**
           * The key.
           */
          key?: string;
          /**
           * Path of the file.
           */
          path?: string;
          /**
           * Mode of the file.
           */
          mode?: number;
          [k: string]: unknown;
        }[];
        /**
         * The object doesn't have to exist.
         */
        optional?: boolean;
        [k: string]: unknown;
      };
      /**
       * Fields of the pod.
       */
      downwardAPI?: {
        /**
         * Fields and their files.
         *
         * Items: A field and its file.
         */
        items?: {
          /**
           * Path of the file.
           */
          path?: string;
          fieldRef?: FieldRef;
          resourceFieldRef?: ResourceFieldRef;
          /**
           * Mode of the file.
           */
          mode?: number;
          [k: string]: unknown;
        }[];
        [k: string]: unknown;
      };
      /**
       * A token of the service account.
       */
      serviceAccountToken?: {
        /**
         * Audience of the token.
         */
        audience?: string;
        /**
         * How long the token is valid.
         */
        expirationSeconds?: number;
        /**
         * Path of the file.
         */
        path?: string;
        [k: string]: unknown;
      };
      /**
       * Certificates of the cluster.
       */
      clusterTrustBundle?: {
        /**
         * Name of the object.
         */
        name?: string;
        /**
         * Signer of the certificates.
         */
        signerName?: string;
        labelSelector?: LabelSelector;
        /**
         * The object doesn't have to exist.
         */
        optional?: boolean;
        /**
         * Path of the file.
         */
        path?: string;
        [k: string]: unknown;
      };
      [k: string]: unknown;
    }[];
    [k: string]: unknown;
  };
  /**
   * Fields of the pod as files.
   */
  downwardAPI?: {
    /**
     * Fields and their files.
     *
     * Items: A field and its file.
     */
    items?: {
      /**
       * Path of the file.
       */
      path?: string;
      fieldRef?: FieldRef;
      resourceFieldRef?: ResourceFieldRef;
      /**
       * Mode of the file.
       */
      mode?: number;
      [k: string]: unknown;
    }[];
    /**
     * Mode of the files.
     */
    defaultMode?: number;
    [k: string]: unknown;
  };
  /**
   * A volume of a CSI driver.
   */
  csi?: {
    /**
     * Name of the driver.
     */
    driver?: string;
    /**
     * File system of the volume.
     */
    fsType?: string;
    /**
     * Mount it read-only.
     */
    readOnly?: boolean;
    /**
     * Attributes for the driver.
     */
    volumeAttributes?: {
      [k: string]: string;
    };
    /**
     * A Secret for the driver.
     */
    nodePublishSecretRef?: {
      /**
       * Name of the Secret.
       */
      name?: string;
      [k: string]: unknown;
    };
    [k: string]: unknown;
  };
  /**
   * A claim that exists as long as the pod.
   */
  ephemeral?: {
    /**
     * The claim.
     */
    volumeClaimTemplate?: {
      /**
       * Labels and annotations.
       */
      metadata?: {
        /**
         * Labels.
         */
        labels?: {
          [k: string]: string;
        };
        /**
         * Annotations.
         */
        annotations?: {
          [k: string]: string;
        };
        [k: string]: unknown;
      };
      /**
       * Specification of the claim.
       */
      spec?: {
        /**
         * Access modes.
         */
        accessModes?: string[];
        /**
         * Name of the StorageClass.
         */
        storageClassName?: string;
        /**
         * Name of the VolumeAttributesClass.
         */
        volumeAttributesClassName?: string;
        /**
         * Filesystem or Block.
         */
        volumeMode?: string;
        /**
         * Name of the PersistentVolume.
         */
        volumeName?: string;
        selector?: LabelSelector;
        /**
         * Requested and maximum sizes.
         */
        resources?: {
          /**
           * Kubernetes quantities by the name of the resource.
           */
          requests?: {
            [k: string]: string;
          };
          /**
           * Kubernetes quantities by the name of the resource.
           */
          limits?: {
            [k: string]: string;
          };
          [k: string]: unknown;
        };
        [k: string]: unknown;
      };
      [k: string]: unknown;
    };
    [k: string]: unknown;
  };
}
/**
 * Labels of pods or namespaces.
 */
export interface LabelSelector {
  /**
   * Labels that must match exactly.
   */
  matchLabels?: {
    [k: string]: string;
  };
  /**
   * Conditions that must all match.
   */
  matchExpressions?: Expression[];
  [k: string]: unknown;
}
/**
 * A condition.
 */
export interface Expression {
  /**
   * Key of the label or field.
   */
  key?: string;
  /**
   * In, NotIn, Exists, DoesNotExist, Gt or Lt.
   */
  operator?: string;
  /**
   * Values to compare with.
   */
  values?: string[];
  [k: string]: unknown;
}
/**
 * A selection of nodes.
 */
export interface NodeSelectorTerm {
  /**
   * Conditions that must all match.
   */
  matchExpressions?: Expression[];
  /**
   * Conditions that must all match.
   */
  matchFields?: Expression[];
  [k: string]: unknown;
}
/**
 * Rules for running near, or away from, other pods.
 */
export interface PodAffinity {
  /**
   * Required conditions.
   */
  requiredDuringSchedulingIgnoredDuringExecution?: PodAffinityTerm[];
  /**
   * Preferred conditions.
   *
   * Items: A term and its weight.
   */
  preferredDuringSchedulingIgnoredDuringExecution?: {
    /**
     * 1 to 100.
     */
    weight?: number;
    podAffinityTerm?: PodAffinityTerm;
    [k: string]: unknown;
  }[];
  [k: string]: unknown;
}
/**
 * A selection of pods, and what counts as near them.
 */
export interface PodAffinityTerm {
  labelSelector?: LabelSelector;
  namespaceSelector?: LabelSelector;
  /**
   * Namespaces of the pods.
   */
  namespaces?: string[];
  /**
   * Node label that has the same value on nodes near each other.
   */
  topologyKey?: string;
  /**
   * Labels that must have the same value as the build pod's.
   */
  matchLabelKeys?: string[];
  /**
   * Labels that must have a different value than the build pod's.
   */
  mismatchLabelKeys?: string[];
  [k: string]: unknown;
}
