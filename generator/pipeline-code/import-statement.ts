import type { SyntaxNode } from '@lezer/common';

/** One name that an import gives to a file. */
export interface ImportedName {
  /** The name in the file; `*` for all names of the module. */
  readonly bound: string;
  /** Its meaning: `kfp.dsl.pipeline`. Of a relative import it begins with dots. */
  readonly target: string;
  /** The module that is imported: `kfp.dsl`. */
  readonly module: string;
  readonly node: SyntaxNode;
}

/** The names of `import a.b as c, d` or `from .a import b as c`. */
export function importedNames(statement: SyntaxNode, text: string): ImportedName[] {
  const parts: SyntaxNode[] = [];
  for (let child = statement.firstChild; child; child = child.nextSibling) parts.push(child);
  const word = (node: SyntaxNode): string => text.slice(node.from, node.to);
  const at = parts.findIndex(({ name }) => name === 'import');
  const from = parts[0]?.name === 'from' ? parts.slice(1, at).map(word).join('') : undefined;
  return clauses(parts.slice(at + 1)).flatMap((clause): ImportedName[] => {
    const as = clause.findIndex(({ name }) => name === 'as');
    const named = as < 0 ? clause : clause.slice(0, as);
    const [node] = named;
    if (!node) return [];
    const path = named.map(word).join('');
    const alias = clause[as + 1];
    if (from !== undefined) {
      const target = `${from}${from.endsWith('.') ? '' : '.'}${path}`;
      return [{ bound: as < 0 || !alias ? path : word(alias), target, module: from, node }];
    }
    if (as >= 0 && alias) return [{ bound: word(alias), target: path, module: path, node }];
    const [top = path] = path.split('.');
    return [{ bound: top, target: top, module: path, node }];
  });
}

/** The parts between commas, without brackets. */
function clauses(parts: readonly SyntaxNode[]): SyntaxNode[][] {
  const result: SyntaxNode[][] = [[]];
  for (const part of parts) {
    if (part.name === ',') result.push([]);
    else if (part.name !== '(' && part.name !== ')') result.at(-1)?.push(part);
  }
  return result;
}
