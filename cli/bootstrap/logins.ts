import { registryBase } from '../../generator/project/registries.js';
import type { Diagnostic } from '../../schema/index.js';
import type { Session } from '../session.js';
import type { Choices, RegistryLogin } from './choices.js';
import type { BootstrapFlags } from './flags.js';
import { readLogin, unreadable } from './secret-files.js';

/**
 * The login that builds get, and the login for Kfops' own images. They are apart wherever that is possible: code of a
 * pull request can use what builds get, and could replace Kfops' own images.
 */
export async function loginsOf(
  { io }: Pick<Session, 'io'>,
  { registryLogin, imagesRegistryLogin }: BootstrapFlags,
  places: { readonly registries: readonly string[]; readonly imagesRegistry: string | undefined },
  problems: Diagnostic[],
): Promise<Pick<Choices, 'login' | 'imagesLogin'>> {
  const isApart = imagesRegistryLogin !== undefined;
  const { hosts, images, all } = loginHosts({ ...places, isApart });
  const read = async (
    flag: string,
    file: string | undefined,
    of: readonly string[],
  ): Promise<RegistryLogin | undefined> => {
    if (file === undefined) return undefined;
    const found = await readLogin(io, file, of);
    if (!('problem' in found)) return found;
    problems.push(unreadable(flag, file, found));
    return undefined;
  };
  const ofImages = await read('--images-registry-login', imagesRegistryLogin, images);
  const given = await read('--registry-login', registryLogin, all);
  if (given === undefined || all.length === hosts.length)
    return { ...(given && { login: given }), ...(ofImages && { imagesLogin: ofImages }) };
  // The file needs a login for one of the two only.
  const [login, imagesLogin] = await Promise.all(
    [hosts, images].map(async (some) => {
      const part = await readLogin(io, given.file, some);
      return 'problem' in part ? undefined : part;
    }),
  );
  return { ...(login && { login }), ...(imagesLogin && { imagesLogin }) };
}

/** For which hosts there can be logins. */
export interface LoginHosts {
  /** Where builds push. */
  readonly hosts: readonly string[];
  /** Of Kfops' own images. */
  readonly images: readonly string[];
  /** For which `--registry-login` is. */
  readonly all: readonly string[];
}

/** @param places - `isApart`: there is a file of its own with the login for Kfops' images */
export function loginHosts(places: {
  readonly registries: readonly string[];
  readonly imagesRegistry: string | undefined;
  readonly isApart: boolean;
}): LoginHosts {
  const hosts = hostsOf(places.registries);
  const images = hostsOf(places.imagesRegistry === undefined ? [] : [places.imagesRegistry]);
  return { hosts, images, all: places.isApart ? hosts : [...new Set([...hosts, ...images])] };
}

/** The hosts of registries, each once. */
export function hostsOf(registries: readonly string[]): readonly string[] {
  const hosts = registries.flatMap((registry) => {
    try {
      return registryBase(registry).split('/')[0] ?? [];
    } catch {
      // Reported as a wrong value already.
      return [];
    }
  });
  return [...new Set(hosts)];
}
