import { ConfigError, type Diagnostic } from '../../../schema/index.js';

/** A configuration with two images, as a user writes it. */
export const CONFIG = `repository: {owner: my-team, name: iris}
image_builder:
  container_registry_uri: ghcr.io/my-team
  images:
    - name: trainer
      dockerfile_folder_path: images/trainer
      other_folders_path:
        - libs/common
    - name: model_server
      dockerfile_folder_path: images/server
pipeline:
  name: iris
  namespace: user
  experiment_name: Default
  pipeline_path: pipeline/pipeline.py
`;

/** @returns what the function finds wrong; fails on any other error, or on none. */
export function findings(run: () => unknown): readonly Diagnostic[] {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error.diagnostics;
    throw error;
  }
  throw new Error('nothing was found');
}

/** @returns `CODE line:column` of each. */
export function places(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map((d) => `${d.code} ${d.line}:${d.column}`);
}
