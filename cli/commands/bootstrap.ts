import type { Command } from 'commander';

import type { BootstrapFlags } from '../bootstrap/flags.js';
import { help } from '../help.js';
import { clusterOptions, collect, namespaceOption } from '../options.js';
import type { Session } from '../session.js';

/** `kfops bootstrap`: installs Kfops in a cluster. */
export function defineBootstrap(program: Command, session: Session): void {
  const command = clusterOptions(
    program
      .command('bootstrap')
      .description(
        'Install Kfops in a cluster: namespaces, Secrets, the bucket, its images, the server and a GitHub App. Asks for what you don’t give. Can be run again; changes nothing that it didn’t make.',
      )
      .option('--registry <REGISTRY>', 'where builds push images; can be repeated', collect)
      .option(
        '--images-registry <REGISTRY>',
        'where Kfops’ own images are; proposed: kfops next to the first registry',
      )
      .option('--kaniko-image <IMAGE>', 'image of Kaniko, from a mirror; default: from ghcr.io')
      .option('--registry-login <FILE>', 'Docker config.json with a login for these registries')
      .option(
        '--images-registry-login <FILE>',
        'the same with the login for Kfops’ own images, which builds don’t get; default: from --registry-login',
      )
      .option('--insecure', 'the registries have plain http or an untrusted certificate')
      .option('--repository <OWNER/NAME>', 'repository that may use this server; can be repeated', collect)
      .option('--shared-trust', 'the repositories all trust each other')
      .option('--profile-namespace <NAMESPACE>', 'Kubeflow namespace of pipelines; can be repeated', collect)
      .option('--url <URL>', 'public https address of the server')
      .option('--ingress-class <NAME>', 'create an Ingress of this class for that address')
      .option('--tls-secret <NAME>', 'Secret of type kubernetes.io/tls for the Ingress')
      .option(
        '--ingress-annotation <KEY=VALUE>',
        'annotation of the Ingress, such as cert-manager.io/cluster-issuer=letsencrypt; can be repeated',
        collect,
      )
      .option('--store-endpoint <ADDRESS>', 'S3 store, as pods reach it; default: Kubeflow’s')
      .option('--store-access-key-file <FILE>', 'its access key; default: from Kubeflow’s Secret')
      .option('--store-secret-key-file <FILE>', 'its secret key; default: from Kubeflow’s Secret')
      .option('--store-region <REGION>', 'its region, if it requires one')
      .option('--kfp-endpoint <URL>', 'API of Kubeflow Pipelines, as pods reach it; default: as found')
      .option('--kfp-url <URL>', 'web page of Kubeflow Pipelines, for links')
      .option('--argo-url <URL>', 'web page of Argo Workflows, for links')
      .option('--github-app-id <NUMBER>', 'an existing GitHub App, in place of a new one')
      .option('--github-key-file <FILE>', 'its private key (PEM)')
      .option('--github-token-file <FILE>', 'the token of a machine account, in place of an App')
      .option('--webhook-secret-file <FILE>', 'the secret of the App’s or the repository’s webhook')
      .option('--github-api-url <URL>', 'API of GitHub Enterprise Server')
      .option(
        '--extra-certificates <FILE>',
        'authorities (PEM) that the server trusts as well, such as that of GitHub Enterprise Server',
      ),
  )
    .addOption(namespaceOption('namespace of the builds; default: kfops'))
    .option('--server-namespace <NAMESPACE>', 'namespace of the server; default: kfops-system')
    .option('--no-images', 'don’t build Kfops’ own images')
    .option(
      '--set <KEY=VALUE>',
      'override a value of examples/self/config_files/config.yaml, for the build of Kfops’ images; can be repeated',
      collect,
    )
    .option(
      '--dry-run',
      'print all objects as YAML, Secrets as comments without their values; change nothing; say what is not among them',
    )
    .option('-y, --yes', 'don’t ask')
    .action(async (flags: BootstrapFlags) => {
      const { bootstrap } = await import('../bootstrap/bootstrap.js');
      await bootstrap(session, flags);
    });
  help(command, [
    ['kfops bootstrap', 'asks for everything, shows what it will do, and asks once more'],
    [
      'kfops bootstrap --registry ghcr.io/acme/ml --repository acme/churn --profile-namespace acme --url https://kfops.acme.com --ingress-class nginx --tls-secret kfops-tls --registry-login builds.json --images-registry-login images.json',
      'asks for the rest; then one click makes the GitHub App',
    ],
    [
      'kfops bootstrap … --github-app-id 4711 --github-key-file key.pem --webhook-secret-file secret --yes',
      'in a script',
    ],
    ['kfops bootstrap … --dry-run > kfops.yaml', 'see what would be applied'],
  ]);
}
