import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import type { ContextSource } from '../../../generator/ports.js';
import { folderSource } from '../../../sources/folder.js';
import { stringify } from 'yaml';
import { environment } from './environment.js';

/** Files of a repository: their text, a link's target, or an executable's text. */
export type Files = Readonly<
  Record<string, string | { readonly link: string } | { readonly executable: string }>
>;

/** One image of a test's config.yaml. */
export type ImageConfig = Readonly<Record<string, unknown>> & { readonly name: string };

/** The base image that test Dockerfiles build from: builds have no way out to the Internet. */
export const BUSYBOX = `${environment.registry}/library/busybox:1.36`;

const folders: string[] = [];

/** Removes every folder that {@link folder} made. */
export async function removeFolders(): Promise<void> {
  await Promise.all(folders.splice(0).map((path) => rm(path, { recursive: true, force: true })));
}

/** A folder with these files, gone after the tests. */
export async function folder(files: Files): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'kfops-cluster-'));
  folders.push(root);
  for (const [path, content] of Object.entries(files)) {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    if (typeof content === 'string') await writeFile(file, content);
    else if ('link' in content) await symlink(content.link, file);
    else {
      await writeFile(file, content.executable);
      await chmod(file, 0o755);
    }
  }
  return root;
}

/** What a test may set in config.yaml. */
export interface ProjectConfig {
  readonly images: readonly ImageConfig[];
  /** Repositories stand below it: its own for each test, so that none sees what another pushed. */
  readonly path: string;
  readonly builder?: Readonly<Record<string, unknown>>;
  /** Another registry than the node's: `host:port`. */
  readonly registry?: string;
  /** Besides what every test's pipeline has. */
  readonly pipeline?: Readonly<Record<string, unknown>>;
  /** Of which it is the configuration, where that counts. */
  readonly repository?: { readonly owner: string; readonly name: string };
}

/** A pipeline of one step with this image. Its code prints the images that it was given. */
export function pipelineOf(image: string): string {
  return `import json

import kfops
from kfp import dsl

print("images:", json.dumps(kfops.images()))


@dsl.container_component
def say(text: str):
    return dsl.ContainerSpec(image="${image}", command=["echo", text])


@dsl.pipeline(name="test")
def test(text: str = "hello"):
    say(text=text)
`;
}

/** The configuration for these images, each in a folder of its own name unless it says otherwise, and a pipeline. */
export function projectFiles(config: ProjectConfig): Readonly<Record<string, string>> {
  const text = stringify({
    repository: config.repository ?? { owner: 'example-org', name: 'kfops-test' },
    pipeline: {
      name: 'test',
      namespace: 'test',
      experiment_name: 'test',
      pipeline_path: 'pipeline.py',
      ...config.pipeline,
    },
    ...(config.images.length > 0 && {
      image_builder: {
        container_registry_uri: `${config.registry ?? environment.registry}/${config.path}`,
        insecure: true,
        images: config.images.map((image) => ({ dockerfile_folder_path: image.name, ...image })),
        ...config.builder,
      },
    }),
  });
  return { 'config_files/config.yaml': text, 'pipeline.py': pipelineOf('python:3.11-slim') };
}

/** A repository with these images and files. */
export async function project(config: ProjectConfig, files: Files): Promise<ContextSource> {
  return folderSource(await folder({ ...projectFiles(config), ...files }));
}
