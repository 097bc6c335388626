import type { ClusterClient } from '../../argo/client/client.js';
import { gitHubAddress, type GitHubAddress } from '../../server/github/address.js';
import { say, type Session } from '../session.js';
import type { Choices } from './choices.js';
import { makeApp } from './github-page.js';
import { reachGitHub } from './reach-github.js';
import { GITHUB_SECRET, githubSecret } from './secrets.js';
import type { GitHubSettings } from './settings.js';
import { storeGitHub } from './store-github.js';

/**
 * Makes sure that {@link createApp} will be able to get the App's keys.
 *
 * @throws ServiceError when this machine does not reach GitHub
 */
export async function checkBeforeApp(session: Session, choices: Choices): Promise<void> {
  await reachGitHub(chosenGitHub(session, choices), session.io.interrupted);
}

/**
 * Serves the page, and stores the keys of the App that a person makes there.
 *
 * @throws ServiceError when the keys cannot be stored
 */
export async function createApp(
  session: Session,
  client: ClusterClient,
  choices: Choices,
): Promise<GitHubSettings> {
  const { style } = session;
  const { server, url } = choices;
  const app = await makeApp(session.io, {
    github: chosenGitHub(session, choices),
    url,
    announce: (address, port) => {
      say(session, `\nOpen this page to create the GitHub App:\n\n  ${style.bold(address)}\n`);
      const tunnel = `ssh -L ${port}:127.0.0.1:${port} THIS-MACHINE`;
      say(session, style.dim(`If your browser is on another machine, run this there first: ${tunnel}`));
    },
    keep: async (credentials) => {
      await storeGitHub(session, client, githubSecret(server, credentials));
      return `the Secret ${GITHUB_SECRET} in ${server}`;
    },
  });
  say(session, `GitHub has made the App ${app.name}; install it at ${app.page}/installations/new`);
  return { kind: 'app', id: app.id };
}

function chosenGitHub({ io }: Session, { githubApiUrl }: Choices): GitHubAddress {
  return gitHubAddress(githubApiUrl === undefined ? {} : { api_url: githubApiUrl }, io.env);
}
