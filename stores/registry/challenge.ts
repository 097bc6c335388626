/** How a registry wants to be asked, by its header `WWW-Authenticate`. */
export type Challenge =
  | { readonly scheme: 'basic' }
  | {
      readonly scheme: 'bearer';
      /** URL of the token server. */
      readonly realm: string;
      readonly service?: string;
    };

/** A challenge's scheme or a parameter: `name`, `name=token` or `name="quoted"`. */
const PART = /[\s,]*([\w!#$%&'*+.^`|~-]+)(?:=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*)))?/gy;
const LONGEST = 8192;

/**
 * Finds the challenge that Kfops can answer in a header, which may have several (RFC 9110, 11.6.1). A token server comes
 * before a password that goes with each request.
 *
 * @returns undefined if the header has no known challenge
 */
export function challengeOf(header: string | undefined): Challenge | undefined {
  const all = parseChallenges((header ?? '').slice(0, LONGEST));
  for (const { scheme, parameters } of all) {
    const realm = parameters.get('realm') ?? '';
    if (scheme !== 'bearer' || realm === '') continue;
    const service = parameters.get('service');
    return { scheme: 'bearer', realm, ...(service !== undefined && { service }) };
  }
  return all.some(({ scheme }) => scheme === 'basic') ? { scheme: 'basic' } : undefined;
}

interface ParsedChallenge {
  readonly scheme: string;
  readonly parameters: Map<string, string>;
}

function parseChallenges(header: string): readonly ParsedChallenge[] {
  const found: ParsedChallenge[] = [];
  for (const [, name = '', quoted, plain] of header.matchAll(PART)) {
    const value = quoted?.replaceAll(/\\(.)/g, '$1') ?? plain;
    if (value === undefined) found.push({ scheme: name.toLowerCase(), parameters: new Map() });
    else found.at(-1)?.parameters.set(name.toLowerCase(), value);
  }
  return found;
}
