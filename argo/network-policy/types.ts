/** The part of a NetworkPolicy that is read. Source of all rules here: networking/v1/types.go of Kubernetes' API. */
export interface NetworkPolicy {
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: {
    readonly podSelector?: LabelSelector;
    readonly policyTypes?: readonly string[];
    readonly ingress?: readonly { readonly from?: readonly Peer[]; readonly ports?: readonly PolicyPort[] }[];
    readonly egress?: readonly { readonly to?: readonly Peer[]; readonly ports?: readonly PolicyPort[] }[];
  };
}

/** As everywhere in Kubernetes; empty: everything. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

/** Who may be at the other end. */
export interface Peer {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

/** Ports that a rule allows. */
export interface PolicyPort {
  readonly protocol?: string;
  readonly port?: number | string;
  readonly endPort?: number;
}

/** Labels as far as they are known. */
export interface KnownLabels {
  /** null: the label is there, with a value that is not known. */
  readonly labels: Readonly<Record<string, string | null>>;
  /** There are no others. */
  readonly complete: boolean;
}

/** A pod at one end of a connection. */
export interface PodEnd {
  readonly kind: 'pod';
  readonly namespace: string;
  readonly namespaceLabels: KnownLabels;
  readonly labels: KnownLabels;
}

/** An address outside of the pods' network, or a node's. */
export interface AddressEnd {
  readonly kind: 'address';
  /** Absent: not known, but a usual one (no link-local address). */
  readonly address?: string;
}

/** The port of a connection, at the pod or host that is reached. */
export interface DestinationPort {
  readonly protocol: 'TCP' | 'UDP';
  /** Absent: not known. */
  readonly port?: number;
  /** The names of the pod's ports; absent: not known. */
  readonly names?: Readonly<Record<string, number>>;
}

/** What can be said with certainty. */
export type Answer = 'yes' | 'no' | 'unknown';
/** What the policies do with a connection. */
export type Verdict = 'allows' | 'blocks' | 'unknown';
