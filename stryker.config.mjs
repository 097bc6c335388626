/** How `npm run mutation` mutates: docs/testing.md, "Mutation". What and with which tests is in scripts/mutation/groups.ts. */

/** Mutations that change no condition. */
const excludedMutations = [
  'ArithmeticOperator',
  'ArrayDeclaration',
  'ArrowFunction',
  'AssignmentOperator',
  'BlockStatement',
  'ObjectLiteral',
  'StringLiteral',
  'UnaryOperator',
  'UpdateOperator',
];

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  plugins: ['./scripts/mutation/mocha-runner.mjs'],
  testRunner: 'kfops-mocha',
  testRunnerNodeArgs: ['--import', 'tsx/esm', '--import', './test/support/interrupted.ts'],
  mutator: { excludedMutations },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  timeoutMS: 10_000,
  tempDirName: 'out/mutation/sandbox',
  ignorePatterns: ['/out', '/dist', '/coverage', '/.venv', '/.venv-mlmd', '/examples', '/test/bench'],
  reporters: ['dots'],
  logLevel: 'warn',
  warnings: { unknownOptions: false },
};
