import { setTimeout as wait } from 'node:timers/promises';

import { ConfigError, type Diagnostic, type Located, type Settings } from '../../schema/index.js';
import type { Logger } from '../telemetry/log.js';
import type { Metrics } from '../telemetry/metrics.js';
import { momentsOf } from './file-moments.js';

/** The settings file of a server that runs. */
export interface SettingsFile {
  /** Its absolute path. */
  readonly path: string;
  /**
   * Reads it.
   *
   * @throws ConfigError if it can't be read or isn't valid
   */
  readonly read: () => Located<Settings>;
}

/** What {@link nextSettings} is given. */
export interface WatchOptions<T> {
  readonly file: SettingsFile;
  /** The settings that are in use. */
  readonly running: Settings;
  /**
   * Checks settings.
   *
   * @throws ConfigError with all problems, if they can't be used
   */
  readonly check: (settings: Located<Settings>) => void;
  /** Opens what the settings need; it can fail where they are valid. */
  readonly accept: (settings: Located<Settings>) => Promise<T>;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'settingsValid'>;
  readonly signal: AbortSignal;
  /** From 0 up to, and without, 1. */
  readonly random?: () => number;
  /** Between two looks at the file, in milliseconds. */
  readonly everyMs?: number;
}

/** The notice of a change can be missed, and secret files appear later than the settings that name them. */
const EVERY_MS = 10_000;

/**
 * Waits until the file has other settings than those in use, which can be used. Settings that can't be used are logged
 * once, each problem with its line, and looked at again. After a change it waits a random part of
 * `server.reload_seconds`, so that several replicas don't change at the same moment.
 *
 * @returns what `accept` returned; undefined once `signal` is aborted
 */
export async function nextSettings<T>(options: WatchOptions<T>): Promise<T | undefined> {
  const { file, check, accept, log, metrics, signal, random = Math.random } = options;
  const running = JSON.stringify(options.running);
  /** The settings for which it has waited. */
  let waitedFor: string | undefined;
  let reported = '';

  function report(error: unknown): void {
    metrics.settingsValid(false);
    const text = error instanceof ConfigError ? JSON.stringify(error.diagnostics) : String(error);
    if (text === reported) return;
    reported = text;
    if (error instanceof ConfigError) logProblems(error.diagnostics, log);
    log.error(
      { file: file.path, ...(!(error instanceof ConfigError) && { err: error }) },
      'cannot use the changed settings; keeping the previous ones',
    );
  }

  for await (const moment of momentsOf(file.path, options.everyMs ?? EVERY_MS, signal)) {
    try {
      const located = file.read();
      const text = JSON.stringify(located.value);
      if (text !== running) check(located);
      if (text !== running && text === waitedFor) {
        const accepted = await accept(located);
        metrics.settingsValid(true);
        return accepted;
      }
      metrics.settingsValid(true);
      if (reported !== '') log.info({ file: file.path }, 'the settings are valid again');
      reported = '';
      if (text === running) {
        waitedFor = undefined;
        continue;
      }
      const seconds = Math.round(random() * located.value.server.reload_seconds);
      log.info({ file: file.path, seconds }, 'settings changed; waiting before they are used');
      waitedFor = text;
      moment.again();
      await wait(seconds * 1000, undefined, { signal });
    } catch (error) {
      if (signal.aborted) return undefined;
      report(error);
    }
  }
  return undefined;
}

function logProblems(problems: readonly Diagnostic[], log: Logger): void {
  for (const { severity, message, hint, file, line, column } of problems)
    log[severity === 'error' ? 'error' : 'warn']({ file, line, column, hint }, message);
}
