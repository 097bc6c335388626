import type { Choices } from '../../../../cli/bootstrap/choices.js';

/** What a person chose, in namespaces that are not the default ones. */
export const CHOICES: Choices = {
  registries: ['ghcr.io/acme/ml'],
  imagesRegistry: 'ghcr.io/acme/kfops',
  repositories: ['acme/churn'],
  sharedTrust: false,
  url: 'https://kfops.acme.com',
  profiles: ['acme'],
  builds: 'builds',
  server: 'chat',
  insecure: false,
};
