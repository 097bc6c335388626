import type { Settings } from '../../schema/index.js';
import { ruleFor, type NamedRepository } from '../rules/repository-settings.js';

/** What the settings let a repository start without a command. */
export interface AllowedTriggers {
  /** On pull requests. */
  readonly pullRequest: readonly ('plan' | 'build')[];
  /** Builds each day. */
  readonly dailyLimit: number;
}

/** @returns undefined where nothing may start by itself */
export function allowedTriggers(
  { server }: Settings,
  repository: NamedRepository,
): AllowedTriggers | undefined {
  const { triggers } = (server.rules ? ruleFor(server.rules, repository) : server) ?? {};
  if (!triggers || triggers.pull_request.length === 0) return undefined;
  return { pullRequest: triggers.pull_request, dailyLimit: triggers.daily_limit };
}
