import { systemClock, type Clock } from '../../common/clock.js';
import { Holds } from './patience.js';
import { Window } from './window.js';

/**
 * What a process has asked of GitHub: its writes of the last minute and hour, and how long GitHub told it to wait. It is
 * kept while the settings change, because GitHub's limits do not begin again then.
 */
export class GitHubUsage {
  readonly minute = new Window(60_000);
  readonly hour = new Window(3_600_000);
  readonly holds: Holds;

  constructor(clock: Clock = systemClock) {
    this.holds = new Holds(clock);
  }
}
