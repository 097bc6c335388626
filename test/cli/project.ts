import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder that is removed after the suite. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kfops-cli-'));
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Writes files below a folder. */
export function write(folder: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

/** Writes a repository that builds as many images as there are names, each from a folder of its own. */
export function writeProject(folder: string, images: readonly string[]): void {
  write(folder, {
    'config_files/config.yaml': configOf(images),
    'pipeline/pipeline.py': 'from kfp import dsl\n\n\n@dsl.pipeline\ndef p(): ...\n',
    ...Object.fromEntries(
      images.map((name) => [`images/${name}/Dockerfile`, `FROM scratch\nLABEL name=${name}\n`]),
    ),
  });
}

function configOf(images: readonly string[]): string {
  return `repository: {owner: me, name: iris}
pipeline:
  name: Iris
  namespace: data-science
  experiment_name: iris
  pipeline_path: pipeline/pipeline.py
image_builder:
  container_registry_uri: registry.example.com/a-team-with-a-long-name
  images:
${images.map((name) => `    - {name: ${name}, dockerfile_folder_path: images/${name}}\n`).join('')}`;
}
