import { readFile } from 'node:fs/promises';

import type { Command } from 'commander';

import { ConfigError } from '../../schema/diagnostic.js';
import { DIAGNOSTIC_CODES } from '../../schema/codes.js';
import { StepBudget } from '../../generator/contexts/glob.js';
import { nearest } from '../../generator/contexts/nearest.js';
import { help } from '../help.js';
import type { Session } from '../session.js';

/** `kfops explain`: what an error's code means, from docs/errors.md. */
export function defineExplain(program: Command, session: Session): void {
  const command = program
    .command('explain')
    .argument('<CODE>', 'such as FOLDER_MISSING')
    .description('Explain the code of an error or warning, on stdout.')
    .action((code: string) => explain(session, code.toUpperCase()));
  help(command, [['kfops explain FOLDER_MISSING', 'what it means, and what to do']]);
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

/** Beside the folders of the package: one step up from cli/ in the sources, two from dist/cli. */
async function readDocument(): Promise<string> {
  const places = ['../docs/errors.md', '../../docs/errors.md'].map((path) => new URL(path, import.meta.url));
  const texts = await Promise.allSettled(places.map((place) => readFile(place, 'utf8')));
  for (const text of texts) if (text.status === 'fulfilled') return text.value;
  throw new Error('docs/errors.md is not in the package');
}

function unknownCode(code: string): ConfigError {
  const codes = Object.keys(DIAGNOSTIC_CODES);
  const near = nearest(code, codes, new StepBudget(Infinity));
  return new ConfigError([
    {
      code: 'WRONG_VALUE',
      severity: 'error',
      message: `there is no code \`${code}\``,
      file: 'CODE',
      hint: near === undefined ? `the codes are: ${codes.join(', ')}` : `did you mean \`${near}\`?`,
    },
  ]);
}
