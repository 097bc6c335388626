import { expect } from 'chai';

import { compile } from '../../../../generator/compile.js';
import { parseSettings } from '../../../../schema/index.js';
import { MemorySource } from '../contexts/memory-source.js';

const TAG = 'tag-of-the-commit';
const CONFIG = `repository: {owner: acme, name: churn}
image_builder:
  container_registry_uri: ghcr.io/acme/churn
  images:
    - {name: trainer, dockerfile_folder_path: images}
    - {name: compiler, dockerfile_folder_path: images}
pipeline: {name: churn, namespace: churn, experiment_name: e, pipeline_path: pipeline.py, compiler_image: compiler}
`;

/** The paths of all texts of a value that hold the tag. */
function holding(value: unknown, path: string): string[] {
  if (typeof value === 'string') return value.includes(TAG) ? [path] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => holding(child, `${path}/${key}`));
}

describe('threat 59: the tag of an image, which another commit can have', () => {
  it('is where the build pushes, and nothing after it reads it: compile, publish and run have digests', async () => {
    const source = new MemorySource({
      'config_files/config.yaml': CONFIG,
      'images/Dockerfile': 'FROM scratch\n',
      'pipeline.py': 'from kfp import dsl\n\n\n@dsl.pipeline\ndef p(): ...\n',
    });
    const settings = parseSettings('kfp: {endpoint: "http://kfp:8888"}\n', { file: 's' }).value;
    const { workflow } = await compile(source, { settings, tag: TAG, run: true });
    const { templates, ...spec } = workflow.spec;
    const names = templates.map(({ name }) => name);
    expect(names).to.include.members(['kaniko', 'compile-pipeline', 'publish-pipeline', 'run-pipeline']);
    const found = templates.flatMap((template) => holding(template, template.name));
    // The default of the parameter in the template of the builds.
    expect(found).to.deep.equal(['kaniko/inputs/parameters/3/value']);
    expect(holding(spec, 'spec')).to.deep.equal([]);
    const main = JSON.stringify(templates[0]);
    expect(main).to.include('ghcr.io/acme/churn/trainer@').and.include('ghcr.io/acme/churn/compiler@');
  });
});
