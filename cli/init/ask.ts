import type { Writable } from 'node:stream';

import { escapeTerminal } from '../../templates/escape.js';
import { type Ask, type Person, withQuestions } from '../questions.js';
import type { Choices } from './config-text.js';
import type { Proposal } from './propose.js';

const NAMESPACE = 'kubeflow-user-example-com';

/**
 * Asks for what the repository doesn't show for certain. An empty answer takes the proposal in brackets; so does the end
 * of the input, for all that is left.
 */
export async function askChoices(person: Person, proposal: Proposal): Promise<Choices> {
  return withQuestions(person, (ask) => questions(asWords(ask), proposal, person.output));
}

type AskWord = (question: string, proposed: string, right: (answer: string) => boolean) => Promise<string>;

function asWords(ask: Ask): AskWord {
  return (question, proposed, right) =>
    ask(question, proposed, (answer) =>
      answer === '' || right(answer) ? undefined : `\`${answer}\` isn’t one.`,
    );
}

async function questions(ask: AskWord, proposal: Proposal, output: Writable): Promise<Choices> {
  const { repository, registries, images, pipelines } = proposal;
  const name = await ask(
    'Repository on GitHub, owner/name',
    repository ? `${repository.owner}/${repository.name}` : '',
    (answer) => /^[^/\s]+\/[^/\s]+$/.test(answer),
  );
  const [owner = '', repositoryName = ''] = name.split('/');
  if (registries.length > 1) output.write(`Registries: ${registries.join(', ')}\n`);
  const registry =
    images.length === 0
      ? undefined
      : await ask('Registry for the images', registries[0] ?? '', (answer) => !/\s/.test(answer));
  const kept = await askImages(ask, proposal, output);
  if (pipelines.length > 1)
    output.write(`Files with a pipeline: ${pipelines.map(({ path }) => escapeTerminal(path)).join(', ')}\n`);
  const path = await ask('File with the pipeline', pipelines[0]?.path ?? 'pipeline/pipeline.py', (answer) =>
    answer.endsWith('.py'),
  );
  const namespace = await ask('Kubeflow profile (a Kubernetes namespace)', NAMESPACE, (answer) =>
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(answer),
  );
  return {
    ...(name !== '' && { repository: { owner, name: repositoryName } }),
    ...(registry !== undefined && registry !== '' && { registry }),
    images: kept,
    pipeline: pipelines.find((each) => each.path === path) ?? { path, functions: [] },
    namespace,
  };
}

async function askImages(ask: AskWord, { images }: Proposal, output: Writable): Promise<Proposal['images']> {
  if (images.length === 0) return images;
  images.forEach((image, i) => output.write(`  ${i + 1}  ${imageLine(image)}\n`));
  const isNumber = (word: string): boolean => images[Number(word) - 1] !== undefined;
  const answer = await ask(
    'Images to build: their numbers, or',
    'all',
    (text) => text === 'all' || text.split(/[\s,]+/).every(isNumber),
  );
  if (answer === 'all') return images;
  const numbers = new Set(answer.split(/[\s,]+/).map(Number));
  return images.filter((_, i) => numbers.has(i + 1));
}

/** An image and its context in one line. */
export function imageLine({ name, folder, dockerfile, otherFolders }: Proposal['images'][number]): string {
  const file = folder === '.' ? dockerfile : `${folder}/${dockerfile}`;
  const context = folder === '.' ? 'the whole repository' : [folder, ...otherFolders].join(' + ');
  return escapeTerminal(`${name}: ${file}, context: ${context}`);
}
