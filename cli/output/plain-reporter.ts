import type { Reporter } from '../../generator/ports.js';
import { stepsOf, type StepState } from '../../generator/results/result.js';
import { escapeTerminal } from '../../templates/escape.js';
import { completeCommands } from '../invocation.js';
import { type Session, say } from '../session.js';
import { publishedLines } from './published-text.js';
import { failureLines } from './result-text.js';
import { lookOf, lookOfPhase, remarkOf, timeOf, wordOf } from './steps.js';
import { tagLines } from './tags-text.js';

/**
 * Tells of a workflow line by line, one for each change of a step: for logs, pipes and CI.
 *
 * @param kfpUrl - `kfp.url` of the settings
 */
export function plainReporter(session: Session, kfpUrl: string | undefined): Reporter {
  const { style } = session;
  const told = new Map<string, string>();
  return {
    progress(result) {
      for (const named of stepsOf(result)) {
        const { label, step } = named;
        const waiting = step.waiting?.reason ?? '';
        const state: `${StepState} ${string}` = `${step.state} ${waiting}`;
        // Nobody needs to be told that what was not begun has not begun.
        if (told.get(label) === state || (step.state === 'pending' && waiting === '')) continue;
        told.set(label, state);
        const { mark, paint } = lookOf(step.state, style);
        const time = step.finishedAt && timeOf(step, Date.now());
        // Argo's own word for a failure says little; the reason follows at the end, after the log was read.
        const remark = step.failure?.kind === 'unknown' ? '' : remarkOf(named);
        say(
          session,
          `${paint(mark)} ${escapeTerminal(label)} ${wordOf(named, style)}${time ? ` after ${time}` : ''}${remark === '' ? '' : `: ${escapeTerminal(remark)}`}`,
        );
      }
    },
    finished(result) {
      const { mark, word, paint } = lookOfPhase(result.phase, style);
      const time = timeOf(result, Date.now());
      for (const line of [...publishedLines(result, kfpUrl, style), ...tagLines(result, style)])
        say(session, line);
      for (const line of failureLines(result, style, (text) => completeCommands(session, text)))
        say(session, line);
      say(
        session,
        `\n${paint(mark)} ${style.bold(result.name)} ${word}${time === '' ? '' : ` after ${time}`}`,
      );
    },
  };
}
