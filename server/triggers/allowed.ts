import type { Settings } from '../../schema/index.js';
import { ruleFor, type NamedRepository } from '../rules/repository-settings.js';

/** What the settings let a repository start without a command: `server.triggers`. */
export type AllowedTriggers = NonNullable<Settings['server']['triggers']>;

/** @returns undefined where nothing may start by itself */
export function allowedTriggers(
  { server }: Settings,
  repository: NamedRepository,
): AllowedTriggers | undefined {
  const { triggers } = (server.rules ? ruleFor(server.rules, repository) : server) ?? {};
  const isAny =
    triggers && [triggers.pull_request, triggers.push, triggers.tag].some(({ length }) => length > 0);
  return isAny ? triggers : undefined;
}
