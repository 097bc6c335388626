/** Where the builds and the server are, if nobody says; the manifests in deploy/ have these names. */
export const NAMESPACES = { builds: 'kfops', server: 'kfops-system' } as const;
