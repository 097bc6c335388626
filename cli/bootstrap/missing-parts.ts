import { defaultSettings } from '../../schema/index.js';
import { escapeTerminal } from '../../templates/escape.js';
import { wrapLines } from '../../templates/wrap.js';
import { say, type Session } from '../session.js';
import { knownGitHub, type Plan } from './plan.js';
import { IMAGES_LOGIN_SECRET, LOGIN_SECRET } from './settings.js';

/** Says what an installation has in addition to the objects that a dry run printed. */
export function sayMissing(session: Session, plan: Plan, hasCluster: boolean): void {
  say(session, session.style.bold('Not above'));
  for (const part of missingParts(plan, hasCluster))
    say(session, wrapLines(`  ${escapeTerminal(part)}`, session.io.columns));
}

/** @returns a clause for each, with how it is made without this command */
export function missingParts(plan: Plan, hasCluster: boolean): readonly string[] {
  const { choices, kfpEndpoint } = plan;
  const { bucket } = defaultSettings().server.minio;
  const { imagesRegistry, profiles, builds, login, imagesLogin } = choices;
  const secret = imagesLogin ? IMAGES_LOGIN_SECRET : login && LOGIN_SECRET;
  const build = `kfops images --registry ${imagesRegistry}${secret === undefined ? '' : ` --secret ${secret}`} -n ${builds}`;
  return [
    `the bucket ${bucket}: the first build creates it`,
    'the values of the Secrets: create each that isn’t there with the command in its comment',
    `Kfops’ own images, if ${imagesRegistry} doesn’t have them: \`${build}\` builds them`,
    ...(knownGitHub(plan).kind === 'unknown'
      ? [
          'the GitHub App, with its Secret and its number in the settings: once it exists, give --github-app-id, --github-key-file and --webhook-secret-file',
        ]
      : []),
    ...(hasCluster ? [] : ofTheCluster(kfpEndpoint, profiles)),
  ];
}

/** What depends on what the cluster has. */
function ofTheCluster(kfpEndpoint: string | undefined, profiles: readonly string[]): readonly string[] {
  return [
    ...(kfpEndpoint === undefined
      ? ['publishing to Kubeflow Pipelines, which only a cluster shows: give --kfp-endpoint']
      : []),
    `the RoleBinding kfops-publisher in ${profiles.join(', ')}, which Kubeflow for several users needs`,
  ];
}
