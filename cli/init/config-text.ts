import { isMap, isScalar, parseDocument, type Document } from 'yaml';

import { yamlText } from '../../schema/write-yaml.js';
import type { RepositoryName } from '../git-remote.js';
import type { ProposedImage } from './find-images.js';
import type { ProposedPipeline } from './find-pipeline.js';

/** What config.yaml says of a repository; what is absent stays as the template has it. */
export interface Choices {
  readonly repository?: RepositoryName;
  readonly registry?: string;
  readonly images: readonly ProposedImage[];
  readonly pipeline?: ProposedPipeline;
  readonly namespace?: string;
}

/** Fills the choices into the template; all its comments stay. */
export function configText(template: string, choices: Choices): string {
  const { repository, registry, pipeline, namespace, images } = choices;
  const name = pipeline?.name ?? repository?.name;
  const values: readonly (readonly [path: readonly [string, string], value: string | undefined])[] = [
    [['repository', 'owner'], repository?.owner],
    [['repository', 'name'], repository?.name],
    [['image_builder', 'container_registry_uri'], registry],
    [['pipeline', 'name'], name],
    [['pipeline', 'namespace'], namespace],
    [['pipeline', 'pipeline_path'], pipeline?.path],
  ];
  const document = parseDocument(template);
  const filled = values
    .flatMap(([path, value]) => (value === undefined ? [] : [{ ...placeOf(document, path), value }]))
    .sort((a, b) => b.start - a.start)
    .reduce(
      (text, { start, end, value }) => text.slice(0, start) + yamlText(value) + text.slice(end),
      template,
    );
  const [first, ...more] = pipeline?.functions ?? [];
  const withFunction =
    first === undefined || more.length === 0
      ? filled
      : filled.replace(/^( *)# pipeline_function_name: .*$/m, `$1pipeline_function_name: ${first}`);
  return withImages(withFunction, images);
}

function placeOf(
  document: Document,
  [section, key]: readonly [string, string],
): { start: number; end: number } {
  const map = document.get(section);
  const node = isMap(map) ? map.get(key, true) : undefined;
  if (!isScalar(node) || !node.range) throw new Error(`the template has no ${section}.${key}`);
  return { start: node.range[0], end: node.range[1] };
}

/** The one image of the template represents all; without images the section is an example in comments. */
function withImages(text: string, images: readonly ProposedImage[]): string {
  const example =
    /^ {4}- name: trainer\n(?<about>(?: {6}#.*\n)*) {6}dockerfile_folder_path: .*\n(?<optional>(?: {6}#.*\n)*)/m;
  if (images.length === 0)
    return text.replace(/^image_builder:\n(?:(?: .*)?\n)+(?=\n# |# The Kubeflow)/m, (section) =>
      commented(section),
    );
  return text.replace(example, (_, about: string, optional: string) =>
    images.map((image, i) => imageText(image, i === 0 ? about : '', i === 0 ? optional : '')).join(''),
  );
}

function imageText(
  { name, folder, dockerfile, otherFolders }: ProposedImage,
  about: string,
  optional: string,
): string {
  return [
    `    - name: ${yamlText(name)}\n`,
    about,
    `      dockerfile_folder_path: ${yamlText(folder)}\n`,
    ...(dockerfile === 'Dockerfile' ? [] : [`      dockerfile: ${yamlText(dockerfile)}\n`]),
    ...(otherFolders.length === 0
      ? []
      : [`      other_folders_path:\n`, ...otherFolders.map((each) => `        - ${yamlText(each)}\n`)]),
    optional,
  ].join('');
}

function commented(section: string): string {
  return section
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '#' : `# ${line}`))
    .join('\n')
    .concat('\n\n');
}
