import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import { globalIgnores } from 'eslint/config';
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
  octokit: 'server',
  pino: 'server',
  'prom-client': 'server',
  commander: 'cli',
};

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
  ...folders.map(directions),
  {
    files: ['test/**/*.ts', 'scripts/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-console': 'off',
      'max-lines': 'off',
    },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
  prettier,
);
