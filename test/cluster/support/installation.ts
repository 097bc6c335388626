import type { Files } from './project.js';

/** What the server's Deployment waits for, beside its pods' start. */
export const PATIENCE = '180s';

/** A ConfigMap in the namespace of the server with the authority of GitHub's certificate. */
export const AUTHORITIES = 'authorities';

/** A way to install the server: the commands of docs/install.md. */
export interface Installation {
  readonly name: string;
  /** Namespaces of the server and of its builds. */
  readonly server: string;
  readonly builds: string;
  /**
   * Makes the namespace of the server and Secrets in it.
   *
   * @param files - the keys of the object store and of GitHub, by the names that the documentation uses
   */
  readonly prepare: (files: Files) => Promise<void>;
  /**
   * Installs, and waits until all pods are ready.
   *
   * @param settings - the server's
   * @param setup - the settings before the GitHub App exists
   */
  readonly install: (settings: object, setup: object) => Promise<void>;
  /** Removes everything. */
  readonly uninstall: () => Promise<void>;
  /** {@link uninstall} after a failure: some of it may be gone already. */
  readonly cleanUp: () => Promise<void>;
}
