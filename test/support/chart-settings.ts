/** Settings with all that the chart needs and nothing more. */
export const CHART_SETTINGS = {
  images: { registry: 'registry.example.com/kfops' },
  registries: ['registry.example.com/my-team'],
  server: {
    url: 'https://kfops.example.com',
    repositories: ['my-team/iris'],
    namespaces: ['kubeflow-user-example-com'],
    github: { webhook_secret_files: ['/etc/kfops/github/webhook-secret'] },
    minio: {
      access_key_file: '/etc/kfops/minio/accesskey',
      secret_key_file: '/etc/kfops/minio/secretkey',
    },
  },
} as const;

/** The same with other keys of the settings, and of its section `server`. */
export function chartSettings(more: object, server: object = {}): object {
  return { ...CHART_SETTINGS, ...more, server: { ...CHART_SETTINGS.server, ...server } };
}
