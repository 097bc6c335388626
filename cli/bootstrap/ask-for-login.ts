import type { Ask } from '../questions.js';
import type { Session } from '../session.js';
import type { BootstrapFlags, KnownValues } from './flags.js';
import { loginHosts } from './logins.js';
import { readLogin } from './secret-files.js';

/**
 * The file with the login for the registries, where no flag names one.
 *
 * @returns undefined: none
 */
export async function askForLogin(
  { io }: Pick<Session, 'io'>,
  { registryLogin, imagesRegistryLogin }: BootstrapFlags,
  known: KnownValues,
  ask: Ask,
): Promise<string | undefined> {
  if (registryLogin !== undefined) return undefined;
  const { all } = loginHosts({
    registries: known.get('registry') ?? [],
    imagesRegistry: known.get('imagesRegistry')?.[0],
    isApart: imagesRegistryLogin !== undefined,
  });
  // Whatever is missing is reported.
  if (all.length === 0) return undefined;
  const question = `Docker config.json with a login for ${all.join(' or ')} (empty: none)`;
  const file = await ask(question, '', async (word) => {
    if (word === '') return undefined;
    const found = await readLogin(io, word, all);
    if (!('problem' in found)) return undefined;
    const hint = found.hint === undefined ? '' : `; ${found.hint}`;
    return `\`${word}\` ${found.problem}${hint}.`;
  });
  return file === '' ? undefined : file;
}
