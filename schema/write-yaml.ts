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
 * Whether a list or map is written between brackets, with all it holds.
 *
 * @param value - it
 * @param parent - the list or map that holds it; undefined for the outermost
 * @param key - its key; for an item of a list, the list's
 */
export type IsFlow = (value: object, parent?: object, key?: string) => boolean;

/**
 * A value that JSON can hold as YAML that Go (`argo`, `kubectl`), Python and Kfops read alike: no anchors, no folded
 * lines. The same value gives the same text. `yaml` takes several times as long.
 *
 * @param isFlow - by default nothing is written between brackets
 */
export function writeYaml(value: unknown, isFlow: IsFlow = () => false): string {
  return `${new Writer(isFlow).node({ value, indent: '' })}\n`;
}

/** A value and where it is written. */
interface Node {
  readonly value: unknown;
  readonly parent?: object;
  readonly key?: string | undefined;
  /** White space before each line but the first, which its parent begins. */
  readonly indent: string;
}

class Writer {
  constructor(private readonly isFlow: IsFlow) {}

  node(node: Node): string {
    const { value, parent, key, indent } = node;
    if (!isCollection(value)) return scalar(value, { indent });
    if (isEmpty(value) || this.isFlow(value, parent, key)) return flow(value);
    return Array.isArray(value) ? this.#list(value, node) : this.#map(value, node);
  }

  #list(list: readonly unknown[], { key, indent }: Node): string {
    const items = list.map((value) => this.node({ value, parent: list, key, indent: `${indent}  ` }));
    return items.map((item) => `- ${item}`).join(`\n${indent}`);
  }

  #map(map: object, { indent }: Node): string {
    const below = `${indent}  `;
    const lines = entriesOf(map).map(([key, value]) => {
      const name = yamlText(key, { implicitKey: true });
      if (name.length > LONGEST_KEY)
        return `? ${name}\n${indent}: ${this.node({ value, parent: map, key, indent: below })}`;
      const isBelow = isCollection(value) && !isEmpty(value) && !this.isFlow(value, map, key);
      // The dashes of a list are below the first letter of its key.
      const inner = isBelow && Array.isArray(value) ? indent : below;
      const text = this.node({ value, parent: map, key, indent: inner });
      return isBelow ? `${name}:\n${inner}${text}` : `${name}: ${text}`;
    });
    return lines.join(`\n${indent}`);
  }
}

function flow(value: unknown): string {
  if (!isCollection(value)) return scalar(value, { inFlow: true });
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  const pairs = entriesOf(value).map(
    ([key, each]) => `${yamlText(key, { implicitKey: true, inFlow: true })}: ${flow(each)}`,
  );
  return `{${pairs.join(', ')}}`;
}

function scalar(value: unknown, place: TextPlace): string {
  if (typeof value === 'string') return yamlText(value, place);
  // Python reads `1e+21` as text: a number with an exponent needs a point.
  return JSON.stringify(value ?? null).replace(/^(-?\d+)e/, '$1.0e');
}

function isCollection(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isEmpty(value: object): boolean {
  return (Array.isArray(value) ? value : entriesOf(value)).length === 0;
}

/** Like JSON, without what is undefined. */
function entriesOf(map: object): readonly [string, unknown][] {
  return Object.entries(map).filter(([, value]) => value !== undefined);
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
