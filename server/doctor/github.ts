import type { Check } from '../../argo/doctor/doctor.js';
import type { Settings } from '../../schema/index.js';
import { inspectGitHub, type InspectionOptions } from '../github/inspection.js';
import { checkApp } from './app.js';
import { failed } from './failed.js';
import { checkToken } from './token.js';

const NAME = 'GitHub';

/**
 * Whether GitHub gives the server what it needs, by the settings' App or token: permissions, events, installations and
 * the webhook. Changes nothing. The checks come as soon as they are known.
 */
export async function* checkGitHub(settings: Settings, options: InspectionOptions): AsyncGenerator<Check> {
  const { app, token_file: tokenFile } = settings.server.github;
  if (app && tokenFile !== undefined) {
    const nextStep = 'remove server.github.app or server.github.token_file';
    yield {
      name: NAME,
      state: 'problem',
      found: 'the settings have both a GitHub App and a token',
      nextStep,
    };
    return;
  }
  let inspection: Awaited<ReturnType<typeof inspectGitHub>>;
  try {
    inspection = await inspectGitHub(settings.server.github, options);
  } catch (error) {
    yield failed(NAME, error);
    return;
  }
  if (!inspection) {
    yield {
      name: NAME,
      state: 'problem',
      found: 'the settings have no credentials for GitHub',
      nextStep:
        'name the settings of the server with --settings, and set server.github in them (docs/install.md)',
    };
    return;
  }
  if (inspection.kind === 'app') yield* checkApp(inspection, settings);
  else yield* checkToken(inspection, settings);
}
