import { plainLines } from '../../templates/escape.js';
import { maskLooks } from './mask-looks.js';

const MASK = '***';
/** A shorter secret is found everywhere. */
const SHORTEST = 4;
/** A shorter one is looked for as a whole word only: as a part of words, in base64 or across lines, it's found by chance. */
const SHORTEST_HIDDEN = 8;
/** A line of a secret with several, such as a private key, is a secret, too, from this length on. */
const SHORTEST_LINE = 16;
/** A longer one is looked for in pieces of this length: half a key is a secret, too. */
const PIECE = 64;
/** Marks of characters, one byte each. */
const SHOWN = '.';
const HIDDEN = 'x';

/**
 * Masks secrets in a log's lines: the known ones, as they are, in base64 (wherever in the encoded text they begin),
 * percent-encoded, and split by line ends, spaces or colours; and what looks like a token, a key or a password. Colours
 * and control characters are gone after it. Takes time that is linear in the length of the text.
 */
export function redact(text: string, secrets: readonly string[]): string {
  const known = secrets.map((secret) => secret.trim()).filter((secret) => secret.length >= SHORTEST);
  return maskLooks(maskKnown(plainLines(text), known.flatMap(linesToo)));
}

/** A secret, and what of it may be printed alone. The first and the last line of a key are the same in every key. */
function linesToo(secret: string): string[] {
  const lines = secret.split('\n').map((line) => line.trim());
  return [secret, ...lines.filter((line) => line.length >= SHORTEST_LINE && !line.startsWith('-----'))];
}

function maskKnown(text: string, secrets: readonly string[]): string {
  const marks = Buffer.alloc(text.length, SHOWN);
  const { dense, at } = withoutSpace(text);
  for (const secret of new Set(secrets)) {
    if (secret.length < SHORTEST_HIDDEN) {
      mark(marks, text, secret, (index) => index, isWord);
      continue;
    }
    const written = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
    const forms = [...written.map((form) => form.replace(/\s/g, '')), ...base64Forms(secret)];
    for (const form of new Set(forms.flatMap(pieces))) mark(marks, dense, form, (index) => at[index] ?? 0);
  }
  return cover(text, marks);
}

/** Whether no letter or digit is next to it. */
function isWord(text: string, start: number, end: number): boolean {
  return !/\w/.test(text.charAt(start - 1)) && !/\w/.test(text.charAt(end));
}

/** The text without white space, and where each of its characters stood. */
function withoutSpace(text: string): { dense: string; at: Uint32Array } {
  const at = new Uint32Array(text.length);
  let length = 0;
  const dense = text.replace(/\S/g, (char: string, index: number) => {
    at[length] = index;
    length += 1;
    return char;
  });
  return { dense: dense.replace(/\s/g, ''), at };
}

/** Marks the characters of each place where `secret` is found, and what white space is between them. */
function mark(
  marks: Buffer,
  text: string,
  secret: string,
  place: (index: number) => number,
  counts: (text: string, start: number, end: number) => boolean = () => true,
): void {
  for (let found = text.indexOf(secret); found >= 0; found = text.indexOf(secret, found + 1)) {
    if (!counts(text, found, found + secret.length)) continue;
    marks.fill(HIDDEN, place(found), place(found + secret.length - 1) + 1);
  }
}

/** Masks each run of marked characters. */
function cover(text: string, marks: Buffer): string {
  const parts: string[] = [];
  let from = 0;
  for (const { 0: run, index } of marks.toString('latin1').matchAll(/x+/g)) {
    parts.push(text.slice(from, index), MASK);
    from = index + run.length;
  }
  parts.push(text.slice(from));
  return parts.join('');
}

/** A secret in pieces, of which the last holds the rest, too. */
function pieces(secret: string): string[] {
  return Array.from({ length: Math.max(1, Math.floor(secret.length / PIECE)) }, (_, index) => {
    const last = (index + 2) * PIECE > secret.length;
    return secret.slice(index * PIECE, last ? undefined : (index + 1) * PIECE);
  });
}

/**
 * The part that every base64 text with the secret has in common: three forms, as the secret may begin at any of the three
 * bytes that four characters encode; each in both alphabets. Without the characters that its neighbours decide, and
 * without padding.
 */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const start = Math.ceil((offset * 8) / 6);
    const end = Math.floor(((offset + bytes.length) * 8) / 6);
    const form = encoded.slice(start, end);
    const urlForm = form.replace(/\+/g, '-').replace(/\//g, '_');
    return [form, urlForm];
  });
}
