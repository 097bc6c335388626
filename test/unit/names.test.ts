import { basename } from 'node:path';

import { expect } from 'chai';
import ts from 'typescript';

import { productFiles } from '../support/product-files.js';

/** Names that were replaced, because they did not say what a thing is or does, and what to use instead. */
const REPLACED: Readonly<Record<string, string>> = {
  take: 'runCommands, or what is done with it',
  Taken: 'AuthorisedCommand',
  Taking: 'CommandResult',
  Asking: 'CommandComment',
  look: 'authorise, inspect, …',
  placeWorkflow: 'decidePlacement',
  guarded: 'recheckingRunner',
  tellProblem: 'reportFailure',
  perform: 'dispatchCommand',
  obey: 'dispatchCommand',
  withFiles: 'withPullRequestFiles',
  World: 'ServerContext',
  Marks: 'WorkflowIdentity',
  visible: 'fingerprint',
  Errand: 'Notification',
  Agenda: 'NotificationQueue',
  Contender: 'LeaderElector',
  Patient: 'DiagnosisTarget',
  rehearse: 'dryRunContext',
  begun: 'reportSubmitted',
  started: 'reportSubmitted',
  OURS: 'KFOPS_SELECTOR',
  UNTOLD: 'UNREPORTED_SELECTOR',
  truth: 'boolean',
  Turnstile: 'Semaphore',
  seldom: 'rateLimited',
  confined: 'applyTrust',
};

/** All names that a file declares, and its own. */
function declaredNames(path: string, text: string): string[] {
  const names = [basename(path, '.ts')];
  const visit = (node: ts.Node): void => {
    const { name } = node as ts.NamedDeclaration;
    const isDeclaration =
      ts.isDeclarationStatement(node) || ts.isClassElement(node) || DECLARATIONS.has(node.kind);
    if (isDeclaration && name && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name)))
      names.push(name.text.replace(/^#/, ''));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest));
  return names;
}

const DECLARATIONS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.VariableDeclaration,
  ts.SyntaxKind.BindingElement,
  ts.SyntaxKind.Parameter,
  ts.SyntaxKind.PropertySignature,
  ts.SyntaxKind.MethodSignature,
]);

const isReplaced = (name: string): boolean => Object.hasOwn(REPLACED, name);

describe('names', () => {
  it('are found wherever they are declared', () => {
    const text = `
      type Taken = 1; interface Marks { truth: 1; take(): void } class World { #look = 1; obey() {} }
      function perform(visible) {} const begun = 1, { started } = {}, { x: OURS } = {}; enum Errand {}
    `;
    const found = declaredNames('some/seldom.ts', text).filter(isReplaced);
    expect(found).to.have.members(
      'seldom Taken Marks truth take World look obey perform visible begun started OURS Errand'.split(' '),
    );
  });

  it('are not found where they are only used', () => {
    expect(declaredNames('x.ts', 'list.take(1); state.visible = { ...world }; // World')).to.deep.equal([
      'x',
    ]);
  });

  it('that were replaced are not declared again', () => {
    const files = productFiles();
    expect(files).to.have.length.above(300);
    const found = files.flatMap(({ path, text }) =>
      declaredNames(path, text)
        .filter(isReplaced)
        .map((name) => `${path}: ${name}`),
    );
    expect(found.map((each) => `${each} → ${REPLACED[each.split(': ')[1]!]!}`)).to.deep.equal([]);
  });
});
