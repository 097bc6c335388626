import type { SyntaxNode } from '@lezer/common';

/** Whether a name in a file gets a value there; in doubt it does. Imports are not looked at. */
export function isBinding(name: SyntaxNode): boolean {
  let child = name;
  let parent = child.parent;
  while (parent && ['TupleExpression', 'ArrayExpression', 'ParenthesizedExpression'].includes(parent.name)) {
    child = parent;
    parent = parent.parent;
  }
  return parent !== null && binds(parent, child);
}

function binds(parent: SyntaxNode, child: SyntaxNode): boolean {
  switch (parent.name) {
    case 'AssignStatement':
      return child.from < (parent.getChildren('AssignOp').at(-1)?.from ?? Infinity);
    case 'UpdateStatement':
    case 'NamedExpression':
    case 'TypeDefinition':
      return child.from < (parent.lastChild?.from ?? 0);
    case 'FunctionDefinition':
    case 'ClassDefinition':
    case 'ScopeStatement':
    case 'DeleteStatement':
    case 'TypeParam':
      return true;
    case 'ParamList':
      return child.prevSibling?.name !== 'AssignOp';
    case 'WithStatement':
    case 'TryStatement':
      return child.prevSibling?.name === 'as';
    default:
      return parent.name.endsWith('Pattern') || isLoopVariable(child);
  }
}

/** Between `for` and `in`. */
function isLoopVariable(node: SyntaxNode): boolean {
  for (let before = node.prevSibling; before && before.name !== 'in'; before = before.prevSibling) {
    if (before.name === 'for') return true;
  }
  return false;
}
