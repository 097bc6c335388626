/**
 * Writes what follows from the JSON Schemas and from the version in package.json: schema/generated, and the chart's
 * values.schema.json and version; with --check it says whether they are up to date. The types describe a value after
 * parsing: what has a default or is filled by the parser (`kfopsFilled`) is there, an empty key (null) is absent, and
 * what may be a text is one.
 */
import { readFile, writeFile } from 'node:fs/promises';

import { Ajv, type AnySchema } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { compile, type JSONSchema } from 'json-schema-to-typescript';

const NAMES = ['config', 'settings', 'kaniko-manifest'];
const FOLDER = new URL('../schema/', import.meta.url);
const CHART = new URL('../deploy/chart/', import.meta.url);
const BANNER = `// Written by scripts/generate-types.ts from the JSON Schemas. Change those, then run: npm run generate`;

interface Schema {
  type?: string | string[];
  enum?: unknown[];
  default?: unknown;
  examples?: unknown;
  required?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: boolean | Schema;
  definitions?: Record<string, Schema>;
  propertyNames?: unknown;
  patternErrorMessage?: string;
  $ref?: string;
  tsType?: string;
  kfopsDocument?: string;
  kfopsFilled?: boolean;
}

const TYPE_OF_DOCUMENT: Readonly<Record<string, string>> = { kanikoManifest: 'KanikoManifest' };

function afterParsing(schema: Schema, root: Schema): Schema {
  const result: Schema = { ...schema };
  delete result.propertyNames;
  delete result.examples;
  delete result.patternErrorMessage;
  if (Array.isArray(schema.type)) {
    const types = schema.type.filter((type) => type !== 'null');
    // Where a text is allowed, the text as written is the value.
    if (types.includes('string')) result.type = 'string';
    else result.type = types.length === 1 ? types[0]! : types;
  }
  const type = TYPE_OF_DOCUMENT[schema.kfopsDocument ?? ''];
  if (type !== undefined) result.tsType = type;
  delete result.kfopsDocument;
  delete result.kfopsFilled;
  if (schema.enum) result.enum = schema.enum.filter((value) => value !== null);
  if (schema.items) result.items = afterParsing(schema.items, root);
  if (typeof schema.additionalProperties === 'object') {
    result.additionalProperties = afterParsing(schema.additionalProperties, root);
  }
  for (const key of ['properties', 'definitions'] as const) {
    const map = schema[key];
    if (!map) continue;
    result[key] = Object.fromEntries(Object.entries(map).map(([name, s]) => [name, afterParsing(s, root)]));
  }
  if (schema.properties) {
    const filled = Object.entries(schema.properties).filter(
      ([, s]) => resolve(s, root).default !== undefined || s.kfopsFilled,
    );
    result.required = [...new Set([...(schema.required ?? []), ...filled.map(([name]) => name)])];
  }
  return result;
}

function resolve(schema: Schema, root: Schema): Schema {
  return schema.$ref ? root.definitions![schema.$ref.replace('#/definitions/', '')]! : schema;
}

async function read(name: string): Promise<Schema> {
  return JSON.parse(await readFile(new URL(`${name}.schema.json`, FOLDER), 'utf8')) as Schema;
}

async function types(name: string): Promise<string> {
  const source = await read(name);
  const schema = afterParsing(source, source);
  const imports: string[] = [];
  if (name === 'settings') imports.push(`import type { KanikoManifest } from './kaniko-manifest.js';`);
  return await compile(schema as JSONSchema, name, {
    bannerComment: [BANNER, ...imports].join('\n\n'),
    additionalProperties: false,
    enableConstEnums: false,
    style: { singleQuote: true, printWidth: 110 },
  });
}

/** The validators as plain code: compiling them at each start of the command line would cost 0.2 s. */
async function validators(): Promise<string> {
  const schemas = Object.fromEntries(
    await Promise.all(NAMES.map(async (name) => [name, await read(name)] as const)),
  );
  const ajv = new Ajv({
    allErrors: true,
    useDefaults: 'empty',
    allowUnionTypes: true,
    // Counts UTF-16 units: the other way needs a helper that standalone code would import from ajv.
    unicode: false,
    inlineRefs: false,
    code: { source: true, esm: true, optimize: 3 },
    keywords: ['patternErrorMessage', 'kfopsDocument', 'kfopsFilled'],
    schemas: schemas as Record<string, AnySchema>,
    logger: false,
  });
  const code = standaloneCode.default(ajv, {
    config: 'config',
    settings: 'settings',
    kanikoManifest: 'kaniko-manifest',
  });
  if (/\brequire\(/.test(code)) throw new Error('The validators need a module at run time.');
  const bySchema = {
    config: schemas.config,
    settings: schemas.settings,
    kanikoManifest: schemas['kaniko-manifest'],
  };
  return `// @ts-nocheck\n${BANNER}\nexport const schemas = ${JSON.stringify(bySchema)};\n${code}\n`;
}

async function packageFile(): Promise<{ version: string }> {
  return JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
}

/** A constant, so that what is pure needs no file at run time. */
async function version(): Promise<string> {
  const { version } = await packageFile();
  return `// Written by scripts/generate-types.ts from package.json. Run: npm run generate
/** Version of this package. */
export const VERSION = '${version}';
`;
}

/** What Helm checks values against: the chart's own, and the settings. */
async function chartValues(): Promise<string> {
  const text = await readFile(new URL('values.schema.part.json', CHART), 'utf8');
  const schema = JSON.parse(text) as Schema;
  schema.properties!.settings = await read('settings');
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

/** The chart has the version of the package, and so do the images that it names. */
async function chartVersion(): Promise<string> {
  const { version } = await packageFile();
  const text = await readFile(new URL('Chart.yaml', CHART), 'utf8');
  return text.replace(/^(version|appVersion): .*$/gm, `$1: ${version}`);
}

const outputs = [
  ...NAMES.map((name) => [new URL(`generated/${name}.ts`, FOLDER), types(name)] as const),
  [new URL('generated/validators.ts', FOLDER), validators()] as const,
  [new URL('generated/version.ts', FOLDER), version()] as const,
  [new URL('values.schema.json', CHART), chartValues()] as const,
  [new URL('Chart.yaml', CHART), chartVersion()] as const,
];
const check = process.argv.includes('--check');
for (const [url, text] of outputs) {
  const wanted = await text;
  if (!check) {
    await writeFile(url, wanted);
    continue;
  }
  const found = await readFile(url, 'utf8').catch(() => '');
  if (found !== wanted) {
    const path = url.href.slice(new URL('../', import.meta.url).href.length);
    console.error(`${path} does not match what it is made from. Run: npm run generate`);
    process.exitCode = 1;
  }
}
