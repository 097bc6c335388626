// Written by scripts/generate-types.ts from the JSON Schemas. Change those, then run: npm run generate

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
      [k: string]: unknown;
    }[];
    /**
     * Nodes and neighbours to prefer or avoid.
     */
    affinity?: {
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
        [k: string]: unknown;
      };
      /**
       * The AppArmor profile.
       */
      appArmorProfile?: {
        [k: string]: unknown;
      };
      /**
       * SELinux labels.
       */
      seLinuxOptions?: {
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
      /**
       * A field of the pod.
       */
      fieldRef?: {
        [k: string]: unknown;
      };
      /**
       * A resource of the container.
       */
      resourceFieldRef?: {
        [k: string]: unknown;
      };
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
     * Where it stands. Not at / or /kaniko; /kaniko/.docker is fine.
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
      [k: string]: string | number;
    };
    /**
     * Kubernetes quantities by the name of the resource.
     */
    limits?: {
      [k: string]: string | number;
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
      [k: string]: unknown;
    };
    /**
     * The AppArmor profile.
     */
    appArmorProfile?: {
      [k: string]: unknown;
    };
    /**
     * SELinux labels.
     */
    seLinuxOptions?: {
      [k: string]: unknown;
    };
    /**
     * Only false: a build must not reach into its node.
     */
    privileged?: boolean;
  };
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
    sizeLimit?: string | number;
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
    [k: string]: unknown;
  };
  /**
   * Fields of the pod as files.
   */
  downwardAPI?: {
    [k: string]: unknown;
  };
  /**
   * A volume of a CSI driver.
   */
  csi?: {
    [k: string]: unknown;
  };
  /**
   * A claim that lives as long as the pod.
   */
  ephemeral?: {
    [k: string]: unknown;
  };
}
