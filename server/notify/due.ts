import type { Settings } from '../../schema/index.js';
import type { ReporterOptions } from '../reporter/options.js';
import type { Logger } from '../telemetry/log.js';
import { channelsFor } from './channels.js';
import { noticeOf } from './notice.js';

/** Which notification is due when a build ended: none if no channel of its repository wants it. For the reporter. */
export function dueNotice(
  settings: Pick<Settings, 'notify'>,
  log: Logger,
): NonNullable<ReporterOptions['notice']> {
  return (state, build, { repository, number }) => {
    try {
      const notice = noticeOf(state, build);
      const isWanted =
        notice && channelsFor(settings, repository).some(({ on }) => on.includes(notice.event));
      return isWanted ? { event: notice.event, text: JSON.stringify(notice) } : undefined;
    } catch (err) {
      // The report on GitHub doesn't depend on it.
      log.error({ err, pullRequest: number }, 'cannot prepare a notification');
      return undefined;
    }
  };
}
