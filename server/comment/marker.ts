import { deflateRawSync, inflateRawSync } from 'node:zlib';

import { readState } from './shape.js';
import type { ConversationState } from './state.js';

/** Of what is written after it. Another version's marker is not read. */
const VERSION = 1;
/** A state as JSON; what is longer was not written here. Bounds what inflating takes. */
const MAX_BYTES = 1024 * 1024;
/** GitHub takes no longer comment. */
const MAX_CHARACTERS = 65_536;

const MARKER = /^<!-- kfops:(\d{1,9}):([A-Za-z0-9_-]*) -->/;

/**
 * The marker at the start of a comment. `none`: no marker · `unreadable`: of another version, or damaged
 * (`why`, for the log); nothing is known then.
 */
export type ReadMarker =
  | { readonly kind: 'none' }
  | { readonly kind: 'state'; readonly state: ConversationState }
  | { readonly kind: 'unreadable'; readonly why: string };

/** The state as a hidden line of Markdown, without its end. The same state gives the same line. */
export function writeMarker(state: ConversationState): string {
  const packed = deflateRawSync(JSON.stringify(state), { level: 9 }).toString('base64url');
  return `<!-- kfops:${VERSION}:${packed} -->`;
}

/**
 * Reads the marker at the very start of a comment; one further down is text that somebody quoted. Only to be believed
 * in a comment of the server's own account. Whatever it holds, what comes back has the shape of a state, and neither
 * memory nor time beyond that of a megabyte is taken.
 */
export function readMarker(body: string): ReadMarker {
  if (body.length > MAX_CHARACTERS) return { kind: 'none' };
  const [, version, packed = ''] = MARKER.exec(body) ?? [];
  if (version === undefined) return { kind: 'none' };
  if (Number(version) !== VERSION)
    return { kind: 'unreadable', why: `its version is ${version}, not ${VERSION}` };
  try {
    const json = inflateRawSync(Buffer.from(packed, 'base64url'), { maxOutputLength: MAX_BYTES });
    return { kind: 'state', state: readState(JSON.parse(json.toString('utf8'))) };
  } catch (error) {
    return { kind: 'unreadable', why: error instanceof Error ? error.message : String(error) };
  }
}

/** What people see of a comment that {@link writeMarker} begins. */
export function withoutMarker(body: string): string {
  return body.replace(MARKER, '').trimStart();
}

/** Whether a comment begins with a marker, of whatever version. */
export function hasMarker(body: string): boolean {
  return readMarker(body).kind !== 'none';
}
