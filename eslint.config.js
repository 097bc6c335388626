import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import { globalIgnores } from 'eslint/config';
import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

/** Which of our folders each folder may import. The picture behind it is in CONTRIBUTING.md. */
const mayImport = {
  schema: [],
  templates: ['schema'],
  generator: ['schema', 'templates'],
  sources: ['schema', 'generator'],
  stores: ['schema', 'generator'],
  argo: ['schema', 'generator'],
  pipeline: ['schema', 'generator'],
  server: ['schema', 'templates', 'generator', 'sources', 'stores', 'argo', 'pipeline'],
  cli: ['schema', 'templates', 'generator', 'sources', 'stores', 'argo', 'pipeline', 'server'],
};
const folders = Object.keys(mayImport);

/** Packages that only one folder may import, so that a change of the library stays in one room. */
const onlyIn = {
  '@kubernetes/client-node': 'argo',
  minio: 'stores',
  handlebars: 'templates',
  '@octokit/webhooks': 'server',
  octokit: 'server',
  pino: 'server',
  'prom-client': 'server',
  commander: 'cli',
};

/** Rules of eslint-plugin-regexp that say how a regular expression is written best, not what is wrong with it. */
const spelling = [
  'control-character-escape',
  'match-any',
  'no-obscure-range',
  'no-unused-capturing-group',
  'optimal-quantifier-concatenation',
  'prefer-d',
  'prefer-w',
  'use-ignore-case',
];

function directions(folder) {
  const refused = [
    ...folders.filter((f) => f !== folder && !mayImport[folder].includes(f)),
    'test',
    'index.js',
  ];
  return {
    files: [`${folder}/**/*.ts`],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: refused.map((f) => ({
            regex: `^(\\.\\./)+${f.replace('.', '\\.')}(/|$)`,
            message: `${folder}/ does not import ${f}/ (see CONTRIBUTING.md, "Layout").`,
          })),
          paths: Object.entries(onlyIn)
            .filter(([, owner]) => owner !== folder)
            .map(([name, owner]) => ({ name, message: `Only ${owner}/ imports ${name}.` })),
        },
      ],
    },
  };
}

export default tseslint.config(
  globalIgnores([
    'dist/',
    '.venv/',
    '.dist-*/',
    'out/',
    'coverage/',
    'schema/generated/',
    // Expressions of others; scripts/check-regexps.ts proves that they are linear.
    'server/redact/gitleaks-rules.ts',
    'examples/',
    'test/cases/*/',
  ]),
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'no-console': 'error',
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
    },
  },
  regexp.configs.recommended,
  {
    rules: {
      // Also what starts over at each character of a long run, such as `/\s+$/`.
      'regexp/no-super-linear-move': 'error',
      // The rest is spelling.
      ...Object.fromEntries(spelling.map((rule) => [`regexp/${rule}`, 'off'])),
    },
  },
  {
    // Made at run time it would escape this, and `scripts/check-regexps.ts`; of a stranger's text it could be anything.
    files: folders.map((folder) => `${folder}/**/*.ts`),
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: ':matches(NewExpression, CallExpression)[callee.name="RegExp"]',
          message: 'Write a literal.',
        },
      ],
    },
  },
  ...folders.map(directions),
  {
    files: ['test/**/*.ts', 'scripts/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-console': 'off',
      'max-lines': 'off',
      // Their texts are our own.
      'regexp/no-contradiction-with-assertion': 'off',
      'regexp/no-super-linear-backtracking': 'off',
      'regexp/no-super-linear-move': 'off',
    },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
  prettier,
);
