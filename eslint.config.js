import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import { globalIgnores } from 'eslint/config';
import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

/** Which of our folders each folder may import. The picture behind it is in CONTRIBUTING.md. */
const mayImport = {
  common: [],
  schema: ['common'],
  templates: ['common', 'schema'],
  generator: ['common', 'schema', 'templates'],
  sources: ['common', 'schema', 'generator'],
  stores: ['common', 'schema', 'generator'],
  argo: ['common', 'schema', 'generator'],
  pipeline: ['common', 'schema', 'generator', 'stores'],
  server: ['common', 'schema', 'templates', 'generator', 'sources', 'stores', 'argo', 'pipeline'],
  cli: ['common', 'schema', 'templates', 'generator', 'sources', 'stores', 'argo', 'pipeline', 'server'],
};
const folders = Object.keys(mayImport);

/** The same for the folders of server/. `context` is its file of that name; all of them may import `ports`. */
const serverMayImport = {
  redact: [],
  telemetry: ['redact'],
  rules: [],
  'commands/parse': [],
  github: ['telemetry'],
  comment: ['github', 'telemetry'],
  planning: ['comment', 'telemetry'],
  builds: ['commands/parse', 'comment', 'context', 'github', 'planning', 'rules'],
  reporter: ['comment', 'context', 'github', 'rules', 'telemetry'],
  notify: ['comment', 'context', 'reporter', 'rules', 'telemetry'],
  'commands/verbs': ['builds', 'commands/parse', 'comment', 'context', 'reporter', 'rules'],
  commands: ['builds', 'commands/parse', 'commands/verbs', 'comment', 'context', 'rules', 'telemetry'],
  triggers: ['builds', 'commands', 'commands/parse', 'comment', 'context', 'rules', 'telemetry'],
  inbox: [
    'builds',
    'commands',
    'commands/parse',
    'comment',
    'context',
    'github',
    'reporter',
    'rules',
    'telemetry',
    'triggers',
  ],
  http: ['telemetry'],
  setup: ['github', 'http', 'telemetry'],
  doctor: ['github', 'setup'],
};

/** Packages that only one folder may import, so that a change of the library stays in one room. */
const onlyIn = {
  '@kubernetes/client-node': 'argo',
  '@grpc/grpc-js': 'pipeline',
  '@grpc/proto-loader': 'pipeline',
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

/** TSDoc's form of a parameter: `@param name - text`. */
const paramDash = {
  meta: { type: 'layout', fixable: 'code', schema: [] },
  create: ({ sourceCode, report }) => ({
    Program() {
      for (const comment of sourceCode.getAllComments()) {
        for (const found of comment.value.matchAll(/@param [\w.]+ (?!- )/g)) {
          const end = comment.range[0] + 2 + found.index + found[0].length;
          const loc = sourceCode.getLocFromIndex(end);
          const fix = (fixer) => fixer.insertTextAfterRange([end, end], '- ');
          report({ loc, message: 'Write `@param name - text`.', fix });
        }
      }
    },
  }),
};

function directions(folder) {
  return restrictImports(`${folder}/**/*.ts`, folder, refusedBy(folder));
}

function refusedBy(folder) {
  const refused = [
    ...folders.filter((f) => f !== folder && !mayImport[folder].includes(f)),
    'test',
    'index.js',
  ];
  return refused.map((f) => refuse(folder, f, `^(\\.\\./)+${f.replace('.', '\\.')}(/|$)`));
}

/** What files directly in a folder of server/ may import. `../verbs/` or `./verbs/` is `commands/verbs` from there. */
function serverDirections(folder) {
  const others = [...Object.keys(serverMayImport), 'runtime', 'context'];
  const refused = others.filter((f) => f !== folder && !serverMayImport[folder].includes(f));
  const up = '../'.repeat(folder.split('/').length).replaceAll('.', '\\.');
  const patterns = refused.flatMap((f) => {
    const [outer, inner] = f.split('/');
    const end = f === 'context' ? '\\.js$' : '/';
    const whole = inner ? `${outer}/${inner}/` : `${outer}${end}`;
    const inside = inner && folder.startsWith(outer) ? [`^\\.{1,2}/${inner}/`] : [];
    // `commands` itself, without its own folders.
    const itself =
      f !== 'commands' ? `^${up}${whole}` : folder.startsWith(f) ? '^\\.\\./[^/]+$' : `^${up}${f}/[^/]+$`;
    return [itself, ...inside].map((regex) => refuse(`server/${folder}`, `server/${f}`, regex));
  });
  return restrictImports(`server/${folder}/*.ts`, 'server', [...refusedBy('server'), ...patterns]);
}

function refuse(folder, other, regex) {
  return { regex, message: `${folder}/ does not import ${other}/ (see CONTRIBUTING.md, "Layout").` };
}

function restrictImports(files, folder, patterns) {
  return {
    files: [files],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns,
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
    '.venv*/',
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
        {
          selector:
            ':matches(PropertyDefinition, MethodDefinition)[accessibility="private"][kind!="constructor"]',
          message: 'Write `#name`. Only a parameter of a constructor may be `private`.',
        },
      ],
    },
  },
  {
    files: ['**/*.ts'],
    plugins: { kfops: { rules: { 'param-dash': paramDash } } },
    rules: { 'kfops/param-dash': 'error' },
  },
  ...folders.map(directions),
  ...Object.keys(serverMayImport).map(serverDirections),
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
