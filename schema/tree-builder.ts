import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Alias,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';

import type { Diagnostic } from './diagnostic.js';
import { withPlace, type Finding } from './located.js';
import type { Source } from './source.js';
import { keyProblem, templateTag } from './text-rules.js';
import type { Range, Tree } from './tree.js';
import type { Origin } from './yaml-errors.js';
import { LIMITS } from './yaml-limits.js';
import { readScalar } from './yaml-scalar.js';

/** Thrown inside a build to end it; never leaves this file. */
class LimitReached extends Error {}

/** Makes a {@link Tree} of a YAML document, and finds what YAML allows and a configuration must not hold. */
export class TreeBuilder {
  readonly diagnostics: Diagnostic[] = [];
  readonly #anchors = new Map<string, Node>();
  #aliasNodes = 0;
  #insideAlias = 0;

  constructor(
    private readonly source: Source,
    /** The text that was parsed: the source's, or one with more spaces in it. */
    private readonly parsed: string,
    private readonly origin: Origin,
  ) {}

  /** @returns the tree, or undefined where a limit was reached (then a diagnostic says so). */
  build(node: Node): Tree | undefined {
    try {
      return this.#node(node, undefined, 1);
    } catch (error) {
      if (error instanceof LimitReached) return undefined;
      throw error;
    }
  }

  #node(node: unknown, key: Range | undefined, depth: number): Tree {
    if (isAlias(node)) return this.#alias(node, key, depth);
    const range = this.#range(node);
    const place = { source: this.source, range, ...(key ? { key } : {}) };
    if (depth > LIMITS.depth + 1)
      this.#stop(`The file nests deeper than ${LIMITS.depth} levels, aliases included.`, range);
    if (this.#insideAlias > 0 && ++this.#aliasNodes > LIMITS.aliasNodes) {
      this.#stop(`The aliases of the file repeat more than ${LIMITS.aliasNodes} values.`, range);
    }
    if (this.#insideAlias === 0 && (isMap(node) || isSeq(node) || isScalar(node)) && node.anchor) {
      this.#anchors.set(node.anchor, node);
    }
    if (isMap(node)) return { ...place, kind: 'map', entries: this.#entries(node, depth) };
    if (isSeq(node)) {
      const items = node.items.map((item) =>
        this.#node(isPair(item) ? undefined : item, undefined, depth + 1),
      );
      return { ...place, kind: 'list', items };
    }
    if (!isScalar(node)) return { ...place, kind: 'scalar', value: null, text: '' };
    const { value, text, problem } = readScalar(node, this.parsed);
    if (problem) this.#report(problem, range);
    return { ...place, kind: 'scalar', value, text };
  }

  #alias(alias: Alias, key: Range | undefined, depth: number): Tree {
    const target = this.#anchors.get(alias.source);
    if (!target) {
      this.#report(
        {
          code: 'YAML_SYNTAX',
          message: `Nothing above is named &${alias.source}.`,
          hint: 'Quote the text if it is meant to begin with `*`.',
        },
        this.#range(alias),
      );
      return {
        source: this.source,
        range: this.#range(alias),
        ...(key ? { key } : {}),
        kind: 'scalar',
        value: null,
        text: '',
      };
    }
    this.#insideAlias++;
    const tree = this.#node(target, key, depth + 1);
    this.#insideAlias--;
    return tree;
  }

  #entries(map: YAMLMap, depth: number): Map<string, Tree> {
    const entries = new Map<string, Tree>();
    const merged: Tree[] = [];
    for (const pair of map.items) {
      if (isMergeKey(pair)) {
        merged.push(...this.#mergeSources(pair, depth));
        continue;
      }
      const range = this.#range(pair.key);
      const key = this.#key(pair.key, range);
      const value = this.#node(pair.value, range, depth + 1);
      if (key === undefined) continue;
      if (entries.has(key)) {
        this.#report(
          {
            code: 'YAML_SYNTAX',
            message: `Duplicate key \`${key}\`.`,
            hint: 'Keep one of the two.',
          },
          range,
        );
      }
      entries.set(key, value);
    }
    for (const source of merged) {
      if (source.kind !== 'map') continue;
      for (const [key, value] of source.entries) {
        if (!entries.has(key)) entries.set(key, value);
      }
    }
    return entries;
  }

  #mergeSources(pair: Pair, depth: number): Tree[] {
    const range = this.#range(pair.key);
    const tree = this.#node(pair.value, range, depth + 1);
    const sources = tree.kind === 'list' ? tree.items : [tree];
    if (sources.some((source) => source.kind !== 'map')) {
      this.#report(
        {
          code: 'YAML_SYNTAX',
          message: 'The merge key `<<` needs a map, or a list of maps.',
          hint: 'Write `<<: *name` where a map above has `&name`.',
        },
        range,
      );
    }
    return sources;
  }

  #key(node: unknown, range: Range): string | undefined {
    // The text as written: `on:` and `1:` are keys here, although YAML 1.1 reads a truth value and a number.
    const text = isScalar(node) && typeof node.value === 'string' ? node.value : '';
    if (isMap(node) && this.source.text.startsWith('{{', range[0] - 1)) {
      this.#report(templateTag('text'), [range[0] - 1, range[1]]);
      return undefined;
    }
    if (!isScalar(node) || text === '') {
      this.#report(
        {
          code: 'YAML_SYNTAX',
          message: 'A key must be a text.',
          hint: 'Quote it if it begins with a special character.',
        },
        range,
      );
      return undefined;
    }
    const problem = keyProblem(text);
    if (!problem) return text;
    this.#report(problem, range);
    return undefined;
  }

  #range(node: unknown): Range {
    const range = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range : undefined;
    return [this.origin(range?.[0] ?? 0), this.origin(range?.[1] ?? 0)];
  }

  #report(finding: Finding, [start, end]: Range): void {
    this.diagnostics.push(withPlace(finding, this.source.locate(start, end)));
  }

  #stop(message: string, range: Range): never {
    this.#report({ code: 'YAML_LIMIT', message, hint: 'Write the values out, or use fewer aliases.' }, range);
    throw new LimitReached();
  }
}

function isMergeKey(pair: Pair): boolean {
  return isScalar(pair.key) && pair.key.value === '<<' && pair.key.type === 'PLAIN';
}
