import type { SyntaxNode } from '@lezer/common';

/** Whether and where code runs when its file is imported. */
export interface Execution {
  /**
   * `always`: as soon as what holds it runs. `sometimes`: nobody can tell. `guarded`: it is in a branch or a `try`, so its
   * author knows that it can fail.
   */
  readonly runs: 'always' | 'sometimes' | 'guarded';
  /** The functions that hold it, the innermost first. */
  readonly functions: readonly SyntaxNode[];
}

type Runs = Execution['runs'];

/** How the parts of one file run. */
export class Executions {
  /** Where the first `return` or `raise` of a function ends, by the place of its body. */
  readonly #leaves = new Map<number, number>();

  /** @param isKfp - whether a context manager of a `with` is one of kfp's: others can hide exceptions */
  constructor(private readonly isKfp: (manager: SyntaxNode) => boolean) {}

  /** How the code of a node runs. */
  of(node: SyntaxNode): Execution {
    const functions: SyntaxNode[] = [];
    let runs: Runs = 'always';
    for (let child = node, parent = node.parent; parent; child = parent, parent = parent.parent) {
      runs = weaker(runs, this.#partOf(parent, child));
      if (parent.name !== 'FunctionDefinition' || child.name !== 'Body') continue;
      functions.push(parent);
      if (this.#firstLeave(child) < node.from) runs = weaker(runs, 'sometimes');
    }
    return { runs, functions };
  }

  /** What a statement or expression means for one of its parts. */
  #partOf(parent: SyntaxNode, child: SyntaxNode): Runs {
    switch (parent.name) {
      case 'IfStatement':
      case 'WhileStatement':
      case 'MatchStatement':
        // The first condition is always evaluated.
        return child.from === parent.firstChild?.nextSibling?.from ? 'always' : 'guarded';
      case 'TryStatement':
      case 'ConditionalExpression':
        return 'guarded';
      case 'BinaryExpression':
        return parent.getChild('and') || parent.getChild('or') ? 'guarded' : 'always';
      case 'WithStatement':
        return child.name !== 'Body' || managersOf(parent).every(this.isKfp) ? 'always' : 'guarded';
      case 'ForStatement':
        return child.name === 'Body' ? 'sometimes' : 'always';
      // Not every version of Python evaluates annotations.
      case 'TypeDef':
      case 'TypeDefinition':
      case 'AssertStatement':
      case 'LambdaExpression':
      case 'ArrayComprehensionExpression':
      case 'DictionaryComprehensionExpression':
      case 'SetComprehensionExpression':
      case 'ComprehensionExpression':
        return 'sometimes';
      case 'ArgList':
        return parent.getChild('for') ? 'sometimes' : 'always';
      default:
        return 'always';
    }
  }

  #firstLeave(body: SyntaxNode): number {
    const known = this.#leaves.get(body.from);
    if (known !== undefined) return known;
    let first = Infinity;
    body.cursor().iterate(({ name, to }) => {
      if (name === 'FunctionDefinition' || name === 'LambdaExpression') return false;
      // What yields or awaits runs later, or never.
      if (name === 'YieldExpression' || name === 'YieldStatement' || name === 'AwaitExpression') first = -1;
      if (name === 'ReturnStatement' || name === 'RaiseStatement') first = Math.min(first, to);
      return undefined;
    });
    this.#leaves.set(body.from, first);
    return first;
  }
}

/** @returns the less certain of both */
function weaker(a: Runs, b: Runs): Runs {
  if (a === 'guarded' || b === 'guarded') return 'guarded';
  return a === 'sometimes' ? a : b;
}

function managersOf(statement: SyntaxNode): SyntaxNode[] {
  const managers: SyntaxNode[] = [];
  for (let child = statement.firstChild; child && child.name !== 'Body'; child = child.nextSibling) {
    const isWord = ['async', 'with', 'as', ','].includes(child.name);
    if (!isWord && child.prevSibling?.name !== 'as') managers.push(child);
  }
  return managers;
}
