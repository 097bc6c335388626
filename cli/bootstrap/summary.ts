import type { ClusterClient } from '../../argo/client/client.js';
import { escapeTerminal } from '../../templates/escape.js';
import { wrapLines } from '../../templates/wrap.js';
import { say, type Session } from '../session.js';
import type { Choices } from './choices.js';
import type { Store } from './found.js';
import type { GitHubPlan } from './github.js';
import { hostsOf } from './logins.js';
import type { ImagesState } from './own-images.js';

/** What an installation will do. */
export interface Summary {
  readonly client: ClusterClient | undefined;
  readonly choices: Choices;
  readonly store: Store;
  readonly kfpEndpoint: string | undefined;
  readonly github: GitHubPlan;
  /** Absent: they are not looked for. */
  readonly images: ImagesState | undefined;
}

/** Shows what an installation will do, before anything is changed. */
export function saySummary(session: Session, summary: Summary): void {
  const { client, choices, store, kfpEndpoint, images } = summary;
  const { style } = session;
  const { ingress } = choices;
  const where = client === undefined ? 'a cluster' : `the cluster at ${client.address}`;
  const lines: (readonly [string, string])[] = [
    ['Builds', `namespace ${choices.builds}; images go to ${choices.registries.join(', ')}`],
    ['Server', `namespace ${choices.server}, for ${choices.repositories.join(', ')}`],
    [
      'Address',
      `${choices.url}, ${ingress ? `Ingress of the class ${ingress.className}` : 'which you forward to the Service kfops-server'}`,
    ],
    ['Object store', `${store.endpoint}${STORE[store.from]}`],
    [
      'Pipelines',
      kfpEndpoint === undefined
        ? `compiled, not published: ${client === undefined ? 'no cluster was asked for Kubeflow Pipelines; --kfp-endpoint names it' : 'no Kubeflow Pipelines was found'}`
        : `published at ${kfpEndpoint}; namespaces ${choices.profiles.join(', ')}`,
    ],
    ['Kfops’ images', `${choices.imagesRegistry}${images === undefined ? '' : IMAGES[images]}`],
    ...loginLines(choices),
    ['GitHub', githubText(summary)],
  ];
  say(session, `\n${style.bold(`Kfops in ${where}`)}`);
  for (const [label, text] of lines)
    say(session, wrapLines(`  ${label.padEnd(15)}${escapeTerminal(text)}`, session.io.columns));
  say(session);
}

function loginLines({
  registries,
  login,
  imagesLogin,
  imagesRegistry,
}: Choices): (readonly [string, string])[] {
  const [host = ''] = hostsOf(registries);
  const builds = login?.file ?? `none: a push to ${host} usually needs one; --registry-login FILE`;
  if (imagesLogin)
    return [
      ['Login', login ? `${builds}, which builds can use` : builds],
      ['', `${imagesLogin.file} for Kfops’ images, which builds don’t get`],
    ];
  // Kfops' images are at the same host then.
  return [
    [
      'Login',
      login === undefined
        ? builds
        : `${builds}, which builds can use: if it can write to ${imagesRegistry}, a pull request can replace Kfops’ images; use --images-registry-login for those`,
    ],
  ];
}

const STORE = {
  flag: '',
  cluster: ', found in the cluster',
  assumed: ', assumed: Kubeflow Pipelines 2.16 or later; no cluster was asked',
} as const;

const IMAGES = {
  there: ', there already',
  absent: ', built in the cluster',
  unknown: ', built in the cluster: this machine cannot see whether they are there',
} as const;

function githubText({ github, choices }: Summary): string {
  const { githubApiUrl } = choices;
  const at = githubApiUrl === undefined ? '' : `; GitHub Enterprise Server at ${new URL(githubApiUrl).host}`;
  switch (github.from) {
    case 'flags':
      return choices.github?.kind === 'app'
        ? `App ${choices.github.id}${at}`
        : `the token that you gave${at}`;
    case 'cluster':
      return github.settings.kind === 'app'
        ? `App ${github.settings.id}, by the Secret that is in the cluster${at}`
        : `the token that is in the cluster${at}`;
    case 'page':
      return `a new App, which you make with one click${at}`;
  }
}
