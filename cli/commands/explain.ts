import { readFile } from 'node:fs/promises';

import type { Command } from 'commander';

import { ConfigError } from '../../schema/diagnostic.js';
import { DIAGNOSTIC_CODES } from '../../schema/codes.js';
import { nearest } from '../../common/suggest.js';
import { wrapLines } from '../../templates/wrap.js';
import { help } from '../help.js';
import { type Session, stdoutPrinter } from '../session.js';

/** As many are suggested. */
const NEAR = 5;

/** `kfops explain`: what an error's code means, from docs/errors.md. */
export function defineExplain(program: Command, session: Session): void {
  const command = program
    .command('explain')
    .argument('[CODE]', 'such as FOLDER_MISSING; default: list them all')
    .description('Explain the code of an error or warning; without a code, list all codes.')
    .action((code: string | undefined) =>
      code === undefined ? listCodes(session) : explain(session, code.toUpperCase()),
    );
  help(command, [
    ['kfops explain FOLDER_MISSING', 'what it means, and what to do'],
    ['kfops explain', 'all codes, a line for each'],
  ]);
}

/** Grouped as in docs/errors.md. */
async function listCodes(session: Session): Promise<void> {
  const { columns, style, print } = stdoutPrinter(session);
  const codes = Object.entries(DIAGNOSTIC_CODES);
  const width = Math.max(...codes.map(([code]) => code.length));
  const groups = (await readDocument()).split(/^## /m).flatMap((group) => {
    const own = codes.filter(([code]) => group.includes(`\n### ${code}\n`));
    if (own.length === 0) return [];
    const lines = own.map(([code, title]) => wrapLines(`  ${code.padEnd(width)}  ${title}`, columns));
    return [[style.bold(group.split('\n')[0] ?? ''), ...lines].join('\n')];
  });
  print(groups.join('\n\n'));
}

async function explain({ io }: Session, code: string): Promise<void> {
  if (!(code in DIAGNOSTIC_CODES)) throw unknownCode(code);
  const section = sectionOf(await readDocument(), code);
  io.stdout.write(`${section}\n`);
}

/** From its heading to the next one. */
function sectionOf(document: string, code: string): string {
  const [, after = ''] = document.split(`\n### ${code}\n`);
  return `${code}\n${(after.split(/\n#{2,3} /)[0] ?? '').trimEnd()}`;
}

/** Next to the folders of the package: one step up from cli/ in the sources, two from dist/cli. */
async function readDocument(): Promise<string> {
  const places = ['../docs/errors.md', '../../docs/errors.md'].map((path) => new URL(path, import.meta.url));
  const texts = await Promise.allSettled(places.map((place) => readFile(place, 'utf8')));
  for (const text of texts) if (text.status === 'fulfilled') return text.value;
  throw new Error('docs/errors.md is not in the package');
}

function unknownCode(code: string): ConfigError {
  const near = nearCodes(code).map((each) => `\`${each}\``);
  const last = near.pop();
  const list = near.length === 0 ? last : `${near.join(', ')} or ${last}`;
  return new ConfigError([
    {
      code: 'WRONG_VALUE',
      severity: 'error',
      message: `there is no code \`${code}\``,
      file: 'CODE',
      hint: last === undefined ? 'run `kfops explain` to list the codes' : `did you mean ${list}?`,
    },
  ]);
}

/** The one with a letter or two mistyped, else those with the same text in them. */
function nearCodes(code: string): string[] {
  const codes = Object.keys(DIAGNOSTIC_CODES);
  const near = nearest(code, codes);
  if (near !== undefined) return [near];
  return code.length < 3 ? [] : codes.filter((each) => each.includes(code)).slice(0, NEAR);
}
