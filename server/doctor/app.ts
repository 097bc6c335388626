import type { Check } from '../../argo/doctor/doctor.js';
import { enumerate } from '../../common/enumerate.js';
import type { Settings } from '../../schema/index.js';
import type { GitHubAddress } from '../github/address.js';
import { GitHubError } from '../github/errors.js';
import type { AppFacts } from '../github/facts.js';
import type { AppInspection } from '../github/inspection.js';
import { EVENTS } from '../setup/manifest.js';
import { failed } from './failed.js';
import { checkInstallations } from './installations.js';
import { isNothing, lacking, needsOf, without } from './needs.js';
import { lackingText, neededText } from './lacking-text.js';
import { checkWebhook } from './webhook.js';

/** A GitHub App: what it asks for, what its installations have accepted, and its webhook. */
export async function* checkApp(inspection: AppInspection, settings: Settings): AsyncGenerator<Check> {
  const { address } = inspection;
  let app: AppFacts;
  try {
    app = await inspection.app();
  } catch (error) {
    yield failed('GitHub', error, isUnknown(error) ? UNKNOWN : undefined);
    return;
  }
  yield {
    name: 'GitHub',
    state: 'ok',
    found: `${address.api} answers; the App is ${app.name} (${app.page})`,
  };
  const page = settingsPage(address, app);
  yield checkGrants(app, settings, page);
  const [installations, webhook] = await Promise.all([
    checkInstallations(inspection, app, settings),
    checkWebhook(inspection, settings, page),
  ]);
  yield* installations;
  yield* webhook;
}

const UNKNOWN = 'check server.github.app.id in the settings: GitHub has no App with this number and key';

function isUnknown(error: unknown): boolean {
  return error instanceof GitHubError && error.status === 404;
}

/** Where the App's owner changes it. GitHub's docs have no address of it for an enterprise's App. */
function settingsPage({ web }: GitHubAddress, { slug, owner, page }: AppFacts): string {
  if (slug === undefined || owner === undefined) return page;
  const below = owner.isOrganization ? `/organizations/${encodeURIComponent(owner.login)}` : '';
  return `${web}${below}/settings/apps/${encodeURIComponent(slug)}`;
}

function checkGrants(app: AppFacts, settings: Settings, page: string): Check {
  const name = 'GitHub App';
  const needs = needsOf(settings);
  const lacks = lacking(needs, app);
  if (!isNothing(lacks))
    return {
      name,
      state: 'problem',
      found: `lacks ${lackingText(lacks, app)}`,
      nextStep: `set this at ${page}/permissions (Permissions & events), and save; then the owner of each installation has to accept it`,
    };
  const unused = without(lacking({ rights: [], events: EVENTS }, app), lacks).events;
  const hint =
    unused.length === 0
      ? ''
      : `; not ${enumerate(unused.map(({ event }) => event))}, which only triggers need that these settings don’t allow`;
  return { name, state: 'ok', found: `asks for ${neededText(needs)}${hint}` };
}
