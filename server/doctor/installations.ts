import type { Check } from '../../argo/doctor/doctor.js';
import { enumerateFirst } from '../../common/enumerate.js';
import { Semaphore } from '../../common/semaphore.js';
import type { Settings } from '../../schema/index.js';
import { formatCount } from '../../templates/units.js';
import { GitHubError } from '../github/errors.js';
import type { AppFacts, InstallationFacts } from '../github/facts.js';
import type { AppInspection } from '../github/inspection.js';
import { failed } from './failed.js';
import { lackingText } from './lacking-text.js';
import { isNothing, lacking, needsOf, without } from './needs.js';

/** Requests at the same time. */
const CONCURRENT = 5;
/** Repositories that are named of each kind. */
const NAMED = 5;

/** What GitHub said of one repository: undefined if the App isn't installed there. */
interface Found {
  readonly repository: string;
  readonly installation: InstallationFacts | undefined;
}

/** In which repositories of the settings the App is installed, and whether it has there what it asks for. */
export async function checkInstallations(
  inspection: AppInspection,
  app: AppFacts,
  settings: Settings,
): Promise<Check[]> {
  const { repositories } = settings.server;
  const { found, errors } = await ask(inspection, repositories);
  const checks = byInstallation(found).flatMap(({ installation, names }) =>
    checkInstallation(installation, names, app, settings),
  );
  const missing = found.filter(({ installation }) => !installation).map(({ repository }) => repository);
  if (missing.length > 0)
    checks.push({
      name: 'GitHub App',
      state: 'problem',
      found: `isn’t installed in ${enumerateFirst(missing, NAMED)}, or there is no such repository`,
      nextStep: `install it at ${app.page}/installations/new, or correct server.repositories in the settings`,
    });
  const [error] = errors;
  if (error !== undefined) {
    const { found: text, ...check } = failed('Installations', error);
    const others = repositories.length - found.length;
    checks.push({
      ...check,
      found: `${text}; ${formatCount(others, 'repository', 'repositories')} not checked`,
    });
  }
  return checks;
}

/** An account has one installation, for many repositories. */
function byInstallation(
  found: readonly Found[],
): { readonly installation: InstallationFacts; readonly names: string[] }[] {
  const groups = new Map<number, { readonly installation: InstallationFacts; readonly names: string[] }>();
  for (const { repository, installation } of found) {
    if (!installation) continue;
    const group = groups.get(installation.id) ?? { installation, names: [] };
    groups.set(installation.id, group);
    group.names.push(repository);
  }
  return [...groups.values()];
}

/** Asks about all; no longer once GitHub doesn't answer, which would take a time limit each. */
async function ask(
  inspection: AppInspection,
  repositories: readonly string[],
): Promise<{ readonly found: readonly Found[]; readonly errors: readonly unknown[] }> {
  const semaphore = new Semaphore(CONCURRENT);
  const errors: unknown[] = [];
  const one = async (repository: string): Promise<Found | undefined> => {
    const isOver = errors.some((error) => error instanceof GitHubError && error.trouble !== 'refused');
    if (isOver) return undefined;
    const [owner = '', name = ''] = repository.split('/');
    try {
      return { repository, installation: await inspection.installation({ owner, name }) };
    } catch (error) {
      errors.push(error);
      return undefined;
    }
  };
  const all = await Promise.all(repositories.map((repository) => semaphore.pass(() => one(repository))));
  return { found: all.flatMap((each) => each ?? []), errors };
}

function checkInstallation(
  installation: InstallationFacts,
  repositories: readonly string[],
  app: AppFacts,
  settings: Settings,
): Check[] {
  const { account, page, suspendedAt, suspendedBy } = installation;
  const name = `Installation in ${account}`;
  const checks: Check[] = [];
  if (suspendedAt !== undefined)
    checks.push({
      name,
      state: 'problem',
      found: `is suspended since ${suspendedAt}${suspendedBy === undefined ? '' : ` by ${suspendedBy}`}: GitHub sends nothing, and refuses every call`,
      nextStep: `click “Unsuspend” at ${page}`,
    });
  const needs = needsOf(settings);
  // What the App itself lacks can't be accepted.
  const lacks = without(lacking(needs, installation), lacking(needs, app));
  if (!isNothing(lacks))
    checks.push({
      name,
      state: 'problem',
      found: `hasn’t accepted ${lackingText(lacks, installation)}`,
      nextStep: `an owner of ${account} has to accept the new permissions at ${page} (“Review request”)`,
    });
  if (checks.length > 0) return checks;
  return [
    {
      name,
      state: 'ok',
      found: `has accepted what the App asks for; ${enumerateFirst(repositories, NAMED)}`,
    },
  ];
}
