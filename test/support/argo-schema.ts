import { readFileSync } from 'node:fs';

import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';

type Definition = Record<string, unknown> & { properties?: object };

/**
 * Argo's published JSON schema, made strict: as published it allows unknown fields, so that a misspelt one passes.
 */
export function strictArgoSchema(file: string): ValidateFunction {
  const schema = JSON.parse(readFileSync(file, 'utf8')) as { definitions: Record<string, Definition> };
  for (const definition of Object.values(schema.definitions)) {
    if (definition.properties) definition.additionalProperties = false;
  }
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  return ajv.compile({
    ...schema,
    $ref: '#/definitions/io.argoproj.workflow.v1alpha1.Workflow',
    oneOf: undefined,
  });
}

/** All that a schema has against a value, one line each. */
export function complaints(validate: ValidateFunction, value: unknown): string[] {
  validate(value);
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message ?? ''} ${JSON.stringify(params)}`,
  );
}

/** The releases whose schemas are at hand. */
export const ARGO_SCHEMAS = ['argo-schemas/v3.7.18.schema.json', 'argo-schemas/v4.1.2.schema.json'] as const;
