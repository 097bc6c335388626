import { Document, type ScalarTag, type Tags } from 'yaml';

/** Where a text is written; by default as a value on a line of its own. */
export interface TextPlace {
  /** A key before its colon. */
  readonly implicitKey?: boolean;
  /** Between `{` and `}` or `[` and `]`. */
  readonly inFlow?: boolean | null;
  /** White space before the lines of a block; without it there is no block. */
  readonly indent?: string;
}

/**
 * A value as YAML that Go (`argo`, `kubectl`), Python and Kfops read alike: no anchors, no folded lines. The same value
 * gives the same text.
 *
 * @param style - sets the style of collections, for instance `flow`
 */
export function writeYaml(value: unknown, style?: (document: Document) => void): string {
  const document = new Document(value, { aliasDuplicateObjects: false, customTags: portableTags });
  style?.(document);
  return document.toString({ lineWidth: 0, indentSeq: false, flowCollectionPadding: false });
}

/** A text as a scalar that every reader takes for just this text, in whatever place. */
export function yamlText(value: string, { implicitKey, inFlow, indent = '' }: TextPlace = {}): string {
  // Half of a surrogate pair has no bytes in UTF-8, and Go refuses its escape.
  const text = value.replace(/\p{Surrogate}/gu, '\ufffd');
  if (indent !== '' && !implicitKey && !inFlow && isBlock(text)) return block(text, indent);
  const scalar = isPlain(text) ? text : quoted(text);
  // Outside of brackets, `yaml` does this.
  return implicitKey && inFlow && scalar.length > LONGEST_KEY ? `? ${scalar}` : scalar;
}

/** Python and Go look no further for the colon behind a key, unless a `?` is before it. */
const LONGEST_KEY = 1024;

/** What needs no quotes anywhere: the readers differ in what a `?`, a `:`, a tab or a leading digit means. */
const PLAIN = /^[A-Za-z/](?:[\w./@+=$()-]|:(?=[\w/])| (?=[\w/($]))*$/;
/** Words of YAML 1.1 that are no text; `e5` is a number to some readers. */
const WORD = /^(?:y|n|yes|no|on|off|true|false|null|e[-+]?\d+)$/i;

function isPlain(text: string): boolean {
  return PLAIN.test(text) && !WORD.test(text);
}

/** What no reader takes as it is, or some take for the end of a line. */
// eslint-disable-next-line no-control-regex -- these are what is looked for
const UNPRINTABLE = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/;
/** Characters that need a `\` in quotes. */
// eslint-disable-next-line no-control-regex -- these are what is looked for
const ESCAPED = /[\0-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/;

/** Several lines, with nothing at either end that would need an indicator. */
function isBlock(text: string): boolean {
  return text.includes('\n') && !UNPRINTABLE.test(text) && /^\S/.test(text) && /\S\n?$/.test(text);
}

function block(text: string, indent: string): string {
  const ends = text.endsWith('\n');
  const lines = (ends ? text.slice(0, -1) : text).split('\n');
  return [ends ? '|' : '|-', ...lines.map((line) => (line === '' ? '' : indent + line))].join('\n');
}

function quoted(text: string): string {
  return ESCAPED.test(text) || text.includes("'") ? doubleQuoted(text) : `'${text}'`;
}

/** JSON leaves some characters as they are. */
function doubleQuoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Python reads `1e+21` as text: a number with an exponent needs a point. */
function numberText(value: unknown): string {
  return JSON.stringify(value).replace(/^(-?\d+)e/, '$1.0e');
}

function portableTags(tags: Tags): Tags {
  return tags.map((tag) => {
    if (typeof tag === 'string' || 'collection' in tag) return tag;
    if (tag.tag.endsWith(':str'))
      return { ...tag, stringify: ({ value }, place) => yamlText(String(value), place) } satisfies ScalarTag;
    if (/:(?:int|float)$/.test(tag.tag))
      return { ...tag, stringify: ({ value }) => numberText(value) } satisfies ScalarTag;
    return tag;
  });
}
