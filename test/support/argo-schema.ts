import { readFileSync } from 'node:fs';

import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';

import { argoFile, type ArgoRelease } from './argo-releases.js';

type Definition = Record<string, unknown> & { properties?: object };

/** Argo's published JSON schema. Skips the test or suite if it is missing. */
export function argoSchema(
  context: Mocha.Context,
  release: ArgoRelease,
): { definitions: Record<string, Definition> } {
  const file = argoFile(context, release, 'schema.json');
  return JSON.parse(readFileSync(file, 'utf8')) as { definitions: Record<string, Definition> };
}

/**
 * Argo's published JSON schema, made strict: as published it allows unknown fields, so that a misspelt one passes. Skips
 * the test or suite if the schema is missing.
 *
 * @param kind - of the object
 */
export function strictArgoSchema(
  context: Mocha.Context,
  release: ArgoRelease,
  kind: 'Workflow' | 'CronWorkflow' = 'Workflow',
): ValidateFunction {
  const { definitions, ...schema } = argoSchema(context, release);
  for (const definition of Object.values(definitions)) {
    if (definition.properties) definition.additionalProperties = false;
  }
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  return ajv.compile({
    ...schema,
    definitions,
    $ref: `#/definitions/io.argoproj.workflow.v1alpha1.${kind}`,
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
