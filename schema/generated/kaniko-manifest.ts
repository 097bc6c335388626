// Written by scripts/generate-types.ts from the JSON Schemas. Change those, then run: npm run generate

/**
 * A quantity of Kubernetes, such as 500m, 2, 512Mi or 4Gi.
 */
export type Quantity = string;

/**
 * config_files/kaniko-manifest.yaml: a Pod manifest from which the build containers take their environment, volumes, resources and place.
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
   * Labels for the build pods. Names are given by Kfops.
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
     * Taints that do not keep the pod away.
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
     * Nodes and neighbours to prefer or avoid.
     */
    affinity?: {
      /**
       * Nodes to choose.
       */
      nodeAffinity?: {
        /**
         * What must hold.
         */
        requiredDuringSchedulingIgnoredDuringExecution?: {
          /**
           * Terms of which one must hold.
           */
          nodeSelectorTerms?: NodeSelectorTerm[];
          [k: string]: unknown;
        };
        /**
         * What should hold.
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
     * Rights of the pod.
     */
    securityContext?: {
      /**
       * User id. Kaniko needs 0.
       */
      runAsUser?: number;
      /**
       * Group id.
       */
      runAsGroup?: number;
      /**
       * Refuse to start as root.
       */
      runAsNonRoot?: boolean;
      /**
       * Group of the volumes.
       */
      fsGroup?: number;
      /**
       * When the group of volumes is changed.
       */
      fsGroupChangePolicy?: string;
      /**
       * More groups.
       */
      supplementalGroups?: number[];
      /**
       * How groups are put together.
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
       * How SELinux labels reach volumes.
       */
      seLinuxChangePolicy?: string;
    };
    /**
     * Never; Argo decides about retries.
     */
    restartPolicy?: 'Never';
  };
}
/**
 * A container. Kaniko's is the one named kaniko, else the one whose image has kaniko in it, else the only one.
 */
export interface Container {
  /**
   * Name of the container.
   */
  name?: string;
  /**
   * Image of Kaniko; it wins over the cluster's settings.
   */
  image?: string;
  /**
   * When the image is pulled.
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
     * Where its value comes from.
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
         * Key in it.
         */
        key: string;
        /**
         * It may be absent.
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
         * Key in it.
         */
        key: string;
        /**
         * It may be absent.
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
     * Put before each name.
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
       * It may be absent.
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
       * It may be absent.
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
     * Where it is mounted. Not at / or /kaniko; /kaniko/.docker is fine.
     */
    mountPath: string;
    /**
     * A folder or file of the volume.
     */
    subPath?: string;
    /**
     * Mount it read-only.
     */
    readOnly?: boolean;
    /**
     * Read-only with all mounts below.
     */
    recursiveReadOnly?: string;
    /**
     * How mounts reach the node; only None.
     */
    mountPropagation?: string;
  }[];
  /**
   * What the container asks of its node.
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
   * Rights of the container. privileged is refused.
   */
  securityContext?: {
    /**
     * Capabilities beyond those that Kaniko needs.
     */
    capabilities?: {
      /**
       * To add.
       */
      add?: string[];
      /**
       * To drop.
       */
      drop?: string[];
    };
    /**
     * User id. Kaniko needs 0.
     */
    runAsUser?: number;
    /**
     * Group id.
     */
    runAsGroup?: number;
    /**
     * Refuse to start as root.
     */
    runAsNonRoot?: boolean;
    /**
     * A read-only root. Kaniko cannot work with it.
     */
    readOnlyRootFilesystem?: boolean;
    /**
     * Whether a process can gain rights.
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
     * Only false: a build must not reach into its node.
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
   * Name by which mounts find it.
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
     * Which keys become which files. Default: all of them.
     *
     * Items: One key as a file.
     */
    items?: {
      /**
       * Key.
       */
      key: string;
      /**
       * File below the mount.
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
     * It may be absent.
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
     * Which keys become which files. Default: all of them.
     *
     * Items: One key as a file.
     */
    items?: {
      /**
       * Key.
       */
      key: string;
      /**
       * File below the mount.
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
     * It may be absent.
     */
    optional?: boolean;
  };
  /**
   * An empty folder of the node.
   */
  emptyDir?: {
    /**
     * Memory, or empty for the disk of the node.
     */
    medium?: string;
    /**
     * Its largest size.
     */
    sizeLimit?: string;
  };
  /**
   * A claim.
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
     * What the folder holds.
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
         * Keys and their files. Default: all.
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
         * It may be absent.
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
         * Keys and their files. Default: all.
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
         * It may be absent.
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
         * For whom it is.
         */
        audience?: string;
        /**
         * How long it is valid.
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
         * Who signed them.
         */
        signerName?: string;
        labelSelector?: LabelSelector;
        /**
         * They may be absent.
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
     * File system.
     */
    fsType?: string;
    /**
     * Mount it read-only.
     */
    readOnly?: boolean;
    /**
     * What the driver takes.
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
   * A claim that lives as long as the pod.
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
       * What is claimed.
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
         * Sizes.
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
   * Labels that must be equal.
   */
  matchLabels?: {
    [k: string]: string;
  };
  /**
   * Conditions that must all hold.
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
 * Nodes.
 */
export interface NodeSelectorTerm {
  /**
   * Conditions that must all hold.
   */
  matchExpressions?: Expression[];
  /**
   * Conditions that must all hold.
   */
  matchFields?: Expression[];
  [k: string]: unknown;
}
/**
 * Pods to be near to, or far from.
 */
export interface PodAffinity {
  /**
   * What must hold.
   */
  requiredDuringSchedulingIgnoredDuringExecution?: PodAffinityTerm[];
  /**
   * What should hold.
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
 * Pods, and how near they are.
 */
export interface PodAffinityTerm {
  labelSelector?: LabelSelector;
  namespaceSelector?: LabelSelector;
  /**
   * Their namespaces.
   */
  namespaces?: string[];
  /**
   * Label of nodes that are near each other.
   */
  topologyKey?: string;
  /**
   * Labels that must equal the build pod's.
   */
  matchLabelKeys?: string[];
  /**
   * Labels that must differ from the build pod's.
   */
  mismatchLabelKeys?: string[];
  [k: string]: unknown;
}
