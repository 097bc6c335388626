/**
 * Cuts what the server calls out of GitHub's published API description and keeps it, with one example of each answer,
 * in test/fixtures/github/api.json. Run by hand: the package that holds the description is too large for a dependency.
 *
 *     npx tsx scripts/github-api.ts [version of @octokit/openapi]
 */
import { execFileSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';

import { extract } from 'tar-stream';

const OPERATIONS = [
  'GET /app',
  'GET /app/hook/config',
  'GET /app/hook/deliveries',
  'POST /app-manifests/{code}/conversions',
  'POST /app/installations/{installation_id}/access_tokens',
  'GET /repos/{owner}/{repo}',
  'GET /repos/{owner}/{repo}/git/ref/{ref}',
  'GET /repos/{owner}/{repo}/git/commits/{commit_sha}',
  'GET /repos/{owner}/{repo}/activity',
  'GET /repos/{owner}/{repo}/installation',
  'GET /repos/{owner}/{repo}/collaborators/{username}/permission',
  'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
  'GET /repos/{owner}/{repo}/commits/{commit_sha}/comments',
  'POST /repos/{owner}/{repo}/commits/{commit_sha}/comments',
  'POST /repos/{owner}/{repo}/check-runs',
  'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}',
  'POST /repos/{owner}/{repo}/statuses/{sha}',
  'GET /repos/{owner}/{repo}/pulls',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}',
  'GET /repos/{owner}/{repo}/issues/comments',
  'GET /repos/{owner}/{repo}/issues/comments/{comment_id}',
  'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}',
  'DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}',
  'GET /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions',
  'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions',
  'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
  'GET /user',
  'GET /users/{username}',
];
const OUTPUT = new URL('../test/fixtures/github/api.json', import.meta.url);
/** Prose, and keys that say nothing about what is valid. */
const LEFT_OUT = /^(?:description|summary|title|example|examples|externalDocs|tags|deprecated|default|x-.*)$/;

type Json = Record<string, unknown>;

interface Media {
  readonly schema: Json;
  readonly examples?: Record<string, { value?: unknown; $ref?: string }>;
}
interface Operation {
  readonly parameters?: Json[];
  readonly requestBody?: { content: Record<string, Media> };
  readonly responses: Record<string, { $ref?: string; content?: Record<string, Media> }>;
}
interface Description {
  readonly info: { version: string };
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: Record<string, Record<string, unknown>>;
}

async function download(version: string): Promise<Description> {
  const folder = await mkdtemp(join(tmpdir(), 'github-api-'));
  try {
    execFileSync('npm', ['pack', `@octokit/openapi@${version}`, '--silent'], { cwd: folder });
    const [archive] = await readdir(folder);
    const files = createReadStream(join(folder, archive!)).pipe(createGunzip()).pipe(extract());
    for await (const file of files) {
      const chunks: Buffer[] = [];
      const isWanted = file.header.name === 'package/generated/api.github.com.json';
      for await (const chunk of file) if (isWanted) chunks.push(chunk as Buffer);
      if (isWanted) return JSON.parse(Buffer.concat(chunks).toString()) as Description;
    }
    throw new Error('The package holds no description of api.github.com.');
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Keeps `$ref` to schemas, and notes which; puts every other reference's target in its place. */
function cut(value: unknown, api: Description, schemas: Set<string>, isMap = false): unknown {
  if (Array.isArray(value)) return value.map((item) => cut(item, api, schemas));
  if (typeof value !== 'object' || value === null) return value;
  const { $ref } = value as { $ref?: unknown };
  if (typeof $ref === 'string') {
    const schema = /^#\/components\/schemas\/(.+)$/.exec($ref)?.[1];
    if (schema === undefined) return cut(lookUp($ref, api), api, schemas);
    schemas.add(schema);
    return { $ref };
  }
  const kept = Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => isMap || !LEFT_OUT.test(key))
      .map(([key, item]) => [key, cut(item, api, schemas, key === 'properties' && !isMap)]),
  );
  // OpenAPI 3.0 says `nullable`, JSON Schema does not know it.
  if (isMap || kept.nullable !== true) return kept;
  delete kept.nullable;
  return { anyOf: [kept, { type: 'null' }] };
}

function lookUp(ref: string, api: Description): unknown {
  const [, kind, name] = /^#\/components\/([^/]+)\/(.+)$/.exec(ref) ?? [];
  const found = api.components[kind ?? '']?.[name ?? ''];
  if (found === undefined) throw new Error(`The description has no ${ref}.`);
  return found;
}

function main(api: Description): Json {
  const wanted = new Set<string>();
  const operations = Object.fromEntries(
    OPERATIONS.map((name) => {
      const [method = '', path = ''] = name.split(' ');
      const operation = api.paths[path]?.[method.toLowerCase()];
      if (!operation) throw new Error(`The description has no ${name}.`);
      const responses = Object.entries(operation.responses).map(([status, response]) => {
        const found = (response.$ref ? lookUp(response.$ref, api) : response) as typeof response;
        const schema = found.content?.['application/json']?.schema;
        return [status, schema ? cut(schema, api, wanted) : null];
      });
      const body = operation.requestBody?.content['application/json']?.schema;
      const [success] = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
      const [example] = Object.values(success?.[1].content?.['application/json']?.examples ?? {});
      const target = example?.$ref ? (lookUp(example.$ref, api) as { value: unknown }) : example;
      const entry = {
        parameters: cut(operation.parameters ?? [], api, wanted),
        ...(body && { body: cut(body, api, wanted) }),
        responses: Object.fromEntries(responses) as Json,
        ...(target && { example: target.value }),
      };
      return [name, entry];
    }),
  );
  const schemas: Json = {};
  for (const name of wanted) schemas[name] = cut(api.components.schemas![name], api, wanted);
  return { version: api.info.version, operations, components: { schemas } };
}

const description = main(await download(process.argv[2] ?? 'latest'));
await writeFile(OUTPUT, `${JSON.stringify(description)}\n`);
