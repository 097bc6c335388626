import type { SyntaxNode, SyntaxNodeRef } from '@lezer/common';
import { parser } from '@lezer/python';

import { isBinding } from './bindings.js';
import { Executions, type Execution } from './execution.js';
import { importedNames, type ImportedName } from './import-statement.js';

/** A use of something by its dotted name. */
export interface Reference {
  /** `dsl.ContainerOp.x`, as it is written. */
  readonly path: readonly string[];
  /** Its first name. */
  readonly node: SyntaxNode;
  readonly end: number;
  /** It gets a value there. */
  readonly isAssigned: boolean;
}

/** A function that a file defines at its outermost level. */
export interface DefinedFunction {
  readonly name: string;
  /** The node of its name. */
  readonly node: SyntaxNode;
  /** Offset of its `def`. */
  readonly from: number;
  /** What decorates it, by its full name where that is known; the outermost first. */
  readonly decorators: readonly (string | undefined)[];
  readonly isAsync: boolean;
}

/** What can be said about a Python file without running it. */
export interface PythonModule {
  readonly text: string;
  readonly imports: readonly ImportedName[];
  readonly references: readonly Reference[];
  /** Calls of a plain name. */
  readonly calls: readonly { readonly name: string; readonly node: SyntaxNode }[];
  /** Those that have their name for themselves. */
  readonly functions: ReadonlyMap<string, DefinedFunction>;
  /** Every name and attribute in it. */
  readonly words: ReadonlySet<string>;
  /** The full name of something, `kfp.dsl.pipeline` for `dsl.pipeline`; undefined where it may be something else. */
  resolve(path: readonly string[]): string | undefined;
  execution(node: SyntaxNode): Execution;
}

/**
 * @param text - valid Python
 * @returns undefined where it has syntax that this reader doesn't know
 */
export function readModule(text: string): PythonModule | undefined {
  const found = new Collector(text);
  const tree = parser.parse(text);
  for (const cursor = tree.cursor(); ;) {
    if (cursor.type.isError && !isBareYield(cursor.node)) return undefined;
    found.enter(cursor);
    if (!cursor.next()) return found.module();
  }
}

/** The grammar misses `yield` without a value. */
function isBareYield(node: SyntaxNode): boolean {
  return node.prevSibling?.name === 'yield' && node.from === node.to;
}

class Collector {
  readonly #imports: ImportedName[] = [];
  readonly #references: Reference[] = [];
  readonly #calls: { name: string; node: SyntaxNode }[] = [];
  readonly #definitions: SyntaxNode[] = [];
  readonly #words = new Set<string>();
  /** How often a name gets a value other than by an import. */
  readonly #bound = new Map<string, number>();

  constructor(private readonly text: string) {}

  enter({ name, node, from, to }: SyntaxNodeRef): void {
    if (name === 'VariableName' || name === 'PropertyName') this.#words.add(this.text.slice(from, to));
    if (name === 'ImportStatement') this.#imports.push(...importedNames(node, this.text));
    if (name === 'FunctionDefinition') this.#definitions.push(node);
    if (name === 'VariableName' && node.parent?.name !== 'ImportStatement') this.#enterName(node);
  }

  #enterName(node: SyntaxNode): void {
    const name = this.#word(node);
    if (isBinding(node)) this.#bound.set(name, (this.#bound.get(name) ?? 0) + 1);
    if (node.parent?.name === 'CallExpression') this.#calls.push({ name, node });
    const isRoot = node.parent?.name !== 'Decorator' || node.prevSibling?.name === 'At';
    const { names, end, last } = pathFrom(node, this.text);
    if (isRoot && names.length > 1)
      this.#references.push({ path: names, node, end, isAssigned: isBinding(last) });
  }

  module(): PythonModule {
    const { text } = this;
    const [imports, references, calls, words] = [this.#imports, this.#references, this.#calls, this.#words];
    const targets = this.#targets();
    const resolve = ([root = '', ...rest]: readonly string[]): string | undefined => {
      const target = targets.get(root);
      return target === undefined ? undefined : [target, ...rest].join('.');
    };
    const isKfp = (manager: SyntaxNode): boolean => {
      const callee = manager.name === 'CallExpression' ? manager.firstChild : manager;
      let root = callee;
      while (root?.name === 'MemberExpression') root = root.firstChild;
      return root !== null && resolve([this.#word(root)])?.startsWith('kfp') === true;
    };
    const executions = new Executions(isKfp);
    const functions = new Map<string, DefinedFunction>();
    for (const node of this.#definitions) {
      const defined = this.#definedFunction(node, resolve);
      if (defined && this.#bound.get(defined.name) === 1 && !targets.has(defined.name))
        functions.set(defined.name, defined);
    }
    const execution = (node: SyntaxNode): Execution => executions.of(node);
    return { text, imports, references, calls, words, functions, resolve, execution };
  }

  /** The meaning of each name that only imports assign, always the same. */
  #targets(): Map<string, string> {
    const targets = new Map<string, string>();
    const ambiguous = new Set(this.#bound.keys());
    for (const { bound, target } of this.#imports) {
      if ((targets.get(bound) ?? target) !== target) ambiguous.add(bound);
      targets.set(bound, target);
    }
    for (const name of ambiguous) targets.delete(name);
    return targets;
  }

  #definedFunction(node: SyntaxNode, resolve: PythonModule['resolve']): DefinedFunction | undefined {
    const decorated = node.parent?.name === 'DecoratedStatement' ? node.parent : undefined;
    const name = node.getChild('VariableName');
    if (!name || (decorated ?? node).parent?.name !== 'Script') return undefined;
    const decorators = (decorated?.getChildren('Decorator') ?? []).map((decorator) => {
      const first = decorator.getChild('VariableName');
      return first ? resolve(pathFrom(first, this.text).names) : undefined;
    });
    const isAsync = node.getChild('async') !== null;
    return { name: this.#word(name), node: name, from: node.from, decorators, isAsync };
  }

  #word({ from, to }: { readonly from: number; readonly to: number }): string {
    return this.text.slice(from, to);
  }
}

/** The dotted name that begins with a node, and the node that is all of it. */
function pathFrom(node: SyntaxNode, text: string): { names: string[]; end: number; last: SyntaxNode } {
  const names = [text.slice(node.from, node.to)];
  let last = node;
  if (node.parent?.name === 'Decorator') {
    for (const part of node.parent.getChildren('VariableName').slice(1)) {
      names.push(text.slice(part.from, part.to));
      last = part;
    }
    return { names, end: last.to, last };
  }
  let end = node.to;
  for (let parent = node.parent; parent?.name === 'MemberExpression'; parent = parent.parent) {
    const property = parent.lastChild;
    if (parent.firstChild?.from !== node.from || property?.name !== 'PropertyName') break;
    names.push(text.slice(property.from, property.to));
    last = parent;
    end = property.to;
  }
  return { names, end, last };
}
