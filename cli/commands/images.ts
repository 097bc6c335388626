import { type Command, Option } from 'commander';

import { help } from '../help.js';
import { clusterOptions, collect, dnsLabel, namespaceOption, settingsOption, tagOption } from '../options.js';
import type { OwnImagesFlags } from '../own-images.js';
import type { Session } from '../session.js';

/** `kfops images`: builds Kfops' own two images in the cluster. */
export function defineImages(program: Command, session: Session): void {
  const command = clusterOptions(
    program
      .command('images')
      .description(
        'Build the two images in which Kfops’ own steps run, in the cluster, and push them to your registry.',
      )
      .requiredOption('--registry <REGISTRY>', 'where to push them, such as registry.example.com/kfops')
      .option(
        '--secret <NAME>',
        'Secret of type kubernetes.io/dockerconfigjson in the namespace, to push with',
      )
      .option('--insecure', 'the registry has plain http or an untrusted certificate')
      .addOption(tagOption('tag of both images; default: the version of this kfops'))
      .option(
        '--set <KEY=VALUE>',
        'override a value of examples/self/config_files/config.yaml; can be repeated',
        collect,
      )
      .addOption(settingsOption()),
  )
    .addOption(namespaceOption())
    .addOption(new Option('--name <NAME>', 'name of the workflow; default: generated').argParser(dnsLabel))
    .option('--wait', 'follow it to its end; the exit code shows the result')
    .action((flags: OwnImagesFlags) => images(session, flags));
  help(command, [
    [
      'kfops images --registry ghcr.io/acme/kfops --secret kfops-images-login --wait',
      'build and push both, and wait',
    ],
    [
      'kfops images --registry ghcr.io/acme/kfops --set image_builder.images.0.build_args.BASE=mirror.example.com/node:22-slim',
      'on a base image from a mirror',
    ],
  ]);
}

async function images(session: Session, flags: OwnImagesFlags): Promise<void> {
  const { buildOwnImages } = await import('../own-images.js');
  await buildOwnImages(session, flags);
}
