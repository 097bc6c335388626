/** Files that are mutated, with the tests that must notice. Few tests each, so that a mutant is tried in a second or two. */
export const GROUPS: readonly { readonly files: readonly string[]; readonly tests: string[] }[] = [
  { files: ['schema/digest.ts'], tests: ['test/unit/schema/digest.test.ts'] },
  { files: ['server/http/signature.ts'], tests: ['test/unit/server/http/signature.test.ts'] },
  { files: ['server/http/shared-limit.ts'], tests: ['test/unit/server/http/shared-limit.test.ts'] },
  { files: ['server/http/body.ts'], tests: ['test/unit/server/http/body.test.ts'] },
  { files: ['server/commands/policy.ts'], tests: ['test/unit/server/commands/policy.test.ts'] },
  {
    files: ['server/manifest-branch.ts', 'generator/name-pattern.ts'],
    tests: ['test/unit/generator/name-pattern.test.ts', 'test/unit/server/manifest-branch.test.ts'],
  },
  { files: ['generator/tag.ts'], tests: ['test/unit/generator/tag.test.ts'] },
  {
    files: ['server/comment/redact.ts', 'server/comment/mask-looks.ts'],
    tests: ['test/unit/server/comment/redact.test.ts', 'test/unit/server/comment/mask-looks.test.ts'],
  },
  { files: ['schema/image-reference.ts'], tests: ['test/unit/schema/image-reference.test.ts'] },
  { files: ['schema/paths.ts'], tests: ['test/unit/schema/paths.test.ts'] },
  { files: ['schema/url-path.ts'], tests: ['test/unit/schema/url-path.test.ts'] },
  { files: ['generator/contexts/paths.ts'], tests: ['test/unit/generator/contexts/paths.test.ts'] },
  { files: ['generator/contexts/links.ts'], tests: ['test/unit/generator/contexts/links.test.ts'] },
  { files: ['sources/open-inside.ts'], tests: ['test/unit/sources/open-inside.test.ts'] },
  { files: ['schema/url-path.ts'], tests: ['test/unit/schema/url-path.test.ts'] },
  { files: ['schema/paths.ts'], tests: ['test/unit/schema/values.test.ts'] },
  { files: ['schema/manifest-checks.ts'], tests: ['test/unit/schema/manifest-checks.test.ts'] },
  { files: ['generator/workflow/check-tags.ts'], tests: ['test/unit/generator/workflow/check-tags.test.ts'] },
];
