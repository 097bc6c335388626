import { ConfigError, type Diagnostic } from '../../schema/index.js';
import type { Ask } from '../questions.js';
import { commandLine } from '../invocation.js';
import { say, type Session } from '../session.js';
import { askForLogin } from './ask-for-login.js';
import type { Choices } from './choices.js';
import { choicesOf } from './choices-of-flags.js';
import type { BootstrapFlags, KnownValues } from './flags.js';
import { missingFlag } from './missing-flag.js';
import { askForTrust, UNKNOWN_TRUST } from './trust.js';
import { registryProblem } from './value-problems.js';
import { MORE_VALUES, type Value, VALUES } from './values.js';

/**
 * Checks the flags, and takes what is missing from a person, or else from the proposals.
 *
 * @param ask - absent where nobody can be asked
 * @param others - problems to report together with those of the flags
 * @throws ConfigError with all that is wrong, and with all that is missing where nobody can be asked
 */
export async function gather(
  session: Session,
  flags: BootstrapFlags,
  ask: Ask | undefined,
  others: readonly Diagnostic[] = [],
): Promise<Choices> {
  const known = knownValues(flags);
  const problems = [...others, ...[...VALUES, ...MORE_VALUES].flatMap((value) => wrongValues(value, known))];
  if (!ask && !flags.yes && !flags.dryRun) problems.push(UNCONFIRMED);
  // Wrong flags first: nobody wants to answer all questions before.
  if (ask && problems.length > 0) throw new ConfigError(problems);
  let person = ask;
  for (const value of VALUES) {
    if (known.has(value.key)) continue;
    const words = person ? await askFor(value, known, person) : proposed(value, known);
    // The input has ended.
    if (words.length === 0) person = undefined;
    if (words.length > 0) known.set(value.key, words);
    // Its proposal may come of what is missing or wrong, too.
    else if (value.propose === undefined || isRegistryRight(known))
      problems.push(missingFlag(value.flag, value.whyNone?.(known) ?? `it is the ${value.what}`));
  }
  const { isShared, only } = await askForTrust(flags, known, person);
  if (isShared === undefined) problems.push(UNKNOWN_TRUST);
  if (only !== undefined) known.set('repository', [only]);
  const registryLogin = person && (await askForLogin(session, flags, known, person));
  const complete = {
    ...flags,
    ...(isShared && { sharedTrust: true as const }),
    ...(registryLogin !== undefined && { registryLogin }),
  };
  const made = await choicesOf(session, complete, known);
  problems.push(...made.problems);
  if (person) sayWithoutQuestions(session, flags, complete, known);
  if (problems.length > 0 || made.choices === undefined) throw new ConfigError(problems);
  return made.choices;
}

/** The answers as flags, for another run: after an error nobody wants to type them again. */
function sayWithoutQuestions(
  session: Session,
  flags: BootstrapFlags,
  complete: BootstrapFlags,
  known: KnownValues,
): void {
  const answers = VALUES.filter(({ key }) => flags[key] === undefined).flatMap(({ key, flag }) =>
    (known.get(key) ?? []).flatMap((word) => [flag, word]),
  );
  if (complete.sharedTrust && !flags.sharedTrust) answers.push('--shared-trust');
  if (complete.registryLogin !== undefined && flags.registryLogin === undefined)
    answers.push('--registry-login', complete.registryLogin);
  if (answers.length === 0) return;
  say(
    session,
    session.style.dim(`The same without questions: ${commandLine(session, 'bootstrap', answers)}`),
  );
}

function knownValues(flags: BootstrapFlags): Map<keyof BootstrapFlags, readonly string[]> {
  const known = new Map<keyof BootstrapFlags, readonly string[]>();
  for (const { key } of [...VALUES, ...MORE_VALUES]) {
    const given = flags[key];
    if (typeof given === 'string') known.set(key, [given.trim()]);
    else if (Array.isArray(given) && given.length > 0) known.set(key, given.map(String));
  }
  return known;
}

function wrongValues({ flag, key, problem }: Value, known: KnownValues): Diagnostic[] {
  return (known.get(key) ?? []).flatMap((word) => {
    const clause = problem(word, known);
    if (clause === undefined) return [];
    const [why, hint] = halves(clause);
    return [
      {
        code: 'WRONG_VALUE',
        severity: 'error',
        message: `\`${word}\` ${why}`,
        file: flag,
        ...(hint !== undefined && { hint }),
      },
    ];
  });
}

/** What is wrong, and how to write it. */
function halves(clause: string): [string, string | undefined] {
  const at = clause.indexOf(': ');
  return at < 0 ? [clause, undefined] : [clause.slice(0, at), clause.slice(at + 2)];
}

function isRegistryRight(known: KnownValues): boolean {
  const [first] = known.get('registry') ?? [];
  return first !== undefined && registryProblem(first) === undefined;
}

function proposed({ propose }: Value, known: KnownValues): readonly string[] {
  const word = propose?.(known);
  return word === undefined ? [] : [word];
}

async function askFor(value: Value, known: KnownValues, ask: Ask): Promise<readonly string[]> {
  const { what, isList, propose, problem } = value;
  const question = `${what.charAt(0).toUpperCase()}${what.slice(1)}${isList ? '; several with commas' : ''}`;
  const answer = await ask(question, propose?.(known) ?? '', (text) => {
    const words = wordsOf(text, isList);
    if (words.length === 0) return 'A value is needed.';
    const [wrong] = words.flatMap((word) => {
      const clause = problem(word, known);
      return clause === undefined ? [] : [`\`${word}\` ${clause}.`];
    });
    return wrong;
  });
  return wordsOf(answer, isList);
}

function wordsOf(answer: string, isList: true | undefined): readonly string[] {
  return (isList ? answer.split(',') : [answer]).map((word) => word.trim()).filter((word) => word !== '');
}

const UNCONFIRMED: Diagnostic = {
  code: 'REQUIRED_OPTION',
  severity: 'error',
  message: 'this command changes the cluster, and there is no terminal to confirm that',
  file: '--yes',
  hint: 'give --yes to install, or --dry-run to see what would be installed',
};
