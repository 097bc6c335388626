/** Files that are mutated, with the tests that must notice. */
interface Group {
  readonly files: readonly string[];
  readonly tests: string[];
}

/** Files whose own test notices. */
const BY_THEIR_OWN_TEST = [
  'generator/contexts/links',
  'generator/contexts/paths',
  'generator/project/manifest-names',
  'generator/project/registries',
  'generator/plan/tag',
  'generator/project/trust',
  'schema/digest',
  'schema/image-reference',
  'schema/manifest-checks',
  'schema/paths',
  'schema/url-path',
  'server/runtime/check-settings',
  'server/commands/policy',
  'server/comment/cut',
  'server/comment/fit',
  'server/comment/marker',
  'server/comment/omit',
  'server/comment/pick-ups',
  'server/comment/plain',
  'server/comment/read-value',
  'server/comment/shape',
  'server/builds/commit-finder',
  'server/http/events',
  'server/builds/recheck',
  'server/inbox/heads',
  'server/http/body',
  'server/http/secrets',
  'server/http/shared-limit',
  'server/http/signature',
  'server/http/webhook',
  'server/builds/identity',
  'server/telemetry/log',
  'server/commands/authorise',
  'server/redact/own-secrets',
  'server/builds/pick-ups',
  'server/builds/placement',
  'server/redact/private-keys',
  'server/github/refusals',
  'server/reporter/subject',
  'server/planning/trust',
  'sources/open-inside',
];

/** Few tests each, so that a mutant is tried in a second or two. */
export const GROUPS: readonly Group[] = [
  ...BY_THEIR_OWN_TEST.map((name) => ({ files: [`${name}.ts`], tests: [`test/unit/${name}.test.ts`] })),
  {
    files: ['server/builds/manifest-branch.ts', 'generator/project/name-pattern.ts'],
    tests: [
      'test/unit/generator/project/name-pattern.test.ts',
      'test/unit/server/builds/manifest-branch.test.ts',
    ],
  },
  {
    files: ['server/redact/redact.ts', 'server/redact/mask-looks.ts'],
    tests: ['test/unit/server/redact/mask-looks.test.ts', 'test/unit/server/redact/redact.test.ts'],
  },
  {
    files: ['generator/workflow/check-tags.ts', 'generator/workflow/step-output.ts'],
    tests: ['test/unit/generator/workflow/check-tags.test.ts'],
  },
  {
    files: ['server/rules/repository-settings.ts', 'server/rules/fingerprint.ts'],
    tests: ['test/unit/server/rules/repository-settings.test.ts'],
  },
  {
    files: ['check-rules', 'overlaps', 'scopes'].map((name) => `server/rules/${name}.ts`),
    tests: ['test/unit/server/rules/check-rules.test.ts'],
  },
];
