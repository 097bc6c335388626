import type { Settings } from '../../schema/index.js';
import { isFor, type NamedRepository } from '../rules/repository-settings.js';

/** A channel of the settings. */
export type Channel = Settings['notify'][number];
/** What a channel is notified of. */
export type NotifyEvent = Channel['on'][number];

/** The channels that a repository can use, in the order of the settings. */
export function channelsFor(
  { notify }: Pick<Settings, 'notify'>,
  repository: NamedRepository,
): readonly Channel[] {
  return notify.filter(({ repositories }) => isFor(repositories, repository));
}
