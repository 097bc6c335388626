import { stringify } from 'yaml';

/**
 * The configuration and the pipeline of a repository of many images; each has a folder of its name, with what the caller
 * puts there.
 *
 * @param registry - with a path
 * @returns content by path
 */
export function churnFiles(registry: string, names: readonly string[]): Map<string, string> {
  const config = {
    repository: { owner: 'acme', name: 'churn' },
    pipeline: {
      name: 'Churn',
      namespace: 'ml',
      experiment_name: 'churn',
      pipeline_path: 'pipeline/pipeline.py',
    },
    image_builder: {
      container_registry_uri: registry,
      images: names.map((name) => ({ name, dockerfile_folder_path: name })),
    },
  };
  return new Map([
    ['config_files/config.yaml', stringify(config)],
    ['pipeline/pipeline.py', 'from kfp import dsl\n\n\n@dsl.pipeline\ndef churn():\n    pass\n'],
  ]);
}
