import type { Check } from '../../argo/doctor/doctor.js';
import { enumerate, enumerateFirst } from '../../common/enumerate.js';
import { Semaphore } from '../../common/semaphore.js';
import type { Settings } from '../../schema/index.js';
import type { RepositoryFacts, TokenFacts } from '../github/facts.js';
import type { TokenInspection } from '../github/inspection.js';
import { RIGHTS } from '../setup/manifest.js';
import { failed } from './failed.js';
import { ACCESS } from './lacking-text.js';
import { needsOf } from './needs.js';

/** Requests at the same time. */
const CONCURRENT = 5;
/** Repositories that are named of each kind. */
const NAMED = 5;

interface Found {
  readonly repository: string;
  readonly facts: RepositoryFacts | undefined;
}

/** A token of a machine account: what GitHub says of it, and what it doesn't. */
export async function* checkToken(inspection: TokenInspection, settings: Settings): AsyncGenerator<Check> {
  let account: TokenFacts;
  let found: readonly Found[];
  try {
    account = await inspection.account();
    const name = `${inspection.address.api} answers; the token is of the account ${account.login}`;
    yield { name: 'GitHub', state: 'ok', found: name };
    found = await ask(inspection, settings.server.repositories);
  } catch (error) {
    yield failed('GitHub', error);
    return;
  }
  yield checkScopes(account, found);
  yield* checkRepositories(account, found);
  const events = needsOf(settings).events.map(({ what }) => `“${what}”`);
  yield {
    name: 'Webhook',
    state: 'unknown',
    found: 'not checked: with a token, each repository has a webhook of its own',
    nextStep: `check Settings → Webhooks of each repository: the events ${enumerate(events)}, application/json, and the secret of server.github.webhook_secret_files`,
  };
}

async function ask(inspection: TokenInspection, repositories: readonly string[]): Promise<Found[]> {
  const semaphore = new Semaphore(CONCURRENT);
  let isOver = false;
  const one = async (repository: string): Promise<Found[]> => {
    if (isOver) return [];
    const [owner = '', name = ''] = repository.split('/');
    try {
      return [{ repository, facts: await inspection.repository({ owner, name }) }];
    } catch (error) {
      isOver = true;
      throw error;
    }
  };
  return (await Promise.all(repositories.map((each) => semaphore.pass(() => one(each))))).flat();
}

/** https://docs.github.com/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps */
function checkScopes({ scopes }: TokenFacts, found: readonly Found[]): Check {
  const name = 'Token';
  if (scopes === undefined)
    return {
      name,
      state: 'unknown',
      found: 'is fine-grained, of which GitHub doesn’t say what it may do',
      nextStep: `check on its page at GitHub that it has ${rightsOfToken()}, for all repositories of the settings`,
    };
  const areAllPublic = found.every(({ facts }) => facts?.isPrivate === false);
  const has = `has the scopes ${scopes.length === 0 ? '(none)' : scopes.join(', ')}`;
  if (scopes.includes('repo') || (areAllPublic && scopes.includes('public_repo')))
    return { name, state: 'ok', found: has };
  return {
    name,
    state: 'problem',
    found: `${has}, and lacks ${areAllPublic ? 'public_repo' : 'repo'}: files, comments and statuses`,
    nextStep: 'give the token this scope on the page Settings → Developer settings → Personal access tokens',
  };
}

/** Checks are for Apps only; a token writes statuses. */
function rightsOfToken(): string {
  return enumerate(
    RIGHTS.map(
      ({ scope, what, access }) => `${scope === 'checks' ? 'Commit statuses' : what}: ${ACCESS[access]}`,
    ),
  );
}

function checkRepositories({ login }: TokenFacts, found: readonly Found[]): Check[] {
  const named = (isMeant: (facts: RepositoryFacts | undefined) => boolean): string[] =>
    found.filter(({ facts }) => isMeant(facts)).map(({ repository }) => repository);
  const unseen = named((facts) => facts === undefined);
  const readOnly = named((facts) => facts?.canWrite === false);
  const good = named((facts) => facts?.canWrite === true);
  const name = 'Repositories';
  const checks: Check[] = [];
  if (unseen.length > 0)
    checks.push({
      name,
      state: 'problem',
      found: `the token can’t see ${enumerateFirst(unseen, NAMED)}, or there is no such repository`,
      nextStep: `give ${login} access, or correct server.repositories in the settings`,
    });
  if (readOnly.length > 0)
    checks.push({
      name,
      state: 'problem',
      found: `${login} has no write permission in ${enumerateFirst(readOnly, NAMED)}, which statuses and the permissions of others need`,
      nextStep: `give ${login} the role Write there`,
    });
  if (good.length > 0)
    checks.push({ name, state: 'ok', found: `${login} can write in ${enumerateFirst(good, NAMED)}` });
  return checks;
}
