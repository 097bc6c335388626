import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

import { escapeTerminal } from '../../templates/escape.js';
import type { Choices } from './config-text.js';
import type { Proposal } from './propose.js';

/** A person at a terminal. */
export interface Person {
  readonly input: Readable;
  readonly output: Writable;
  readonly signal: AbortSignal;
}

const NAMESPACE = 'kubeflow-user-example-com';

/**
 * Asks for what the repository doesn't show for certain. An empty answer takes the proposal in brackets; so does the end
 * of the input, for all that is left.
 */
export async function askChoices(person: Person, proposal: Proposal): Promise<Choices> {
  const { input, output, signal } = person;
  // Not as a terminal: Ctrl-C stays the signal that it is for the rest of the command.
  const lines = createInterface({ input, terminal: false });
  // Keeps lines that come before their question, where `question` would lose them.
  const answers: AsyncIterator<string, undefined> = lines[Symbol.asyncIterator]();
  const close = (): void => {
    lines.close();
  };
  signal.addEventListener('abort', close);
  const ask: Ask = async (question, proposed, right) => {
    for (;;) {
      output.write(`${question}${proposed === '' ? '' : ` [${escapeTerminal(proposed)}]`}: `);
      const line = await answers.next();
      signal.throwIfAborted();
      if (line.done) output.write('\n');
      const answer = line.done ? '' : line.value.trim();
      if (answer === '') return proposed;
      if (right(answer)) return answer;
      output.write(`  \`${escapeTerminal(answer)}\` isn’t one.\n`);
    }
  };
  try {
    return await questions(ask, proposal, output);
  } finally {
    signal.removeEventListener('abort', close);
    lines.close();
  }
}

type Ask = (question: string, proposed: string, right: (answer: string) => boolean) => Promise<string>;

async function questions(ask: Ask, proposal: Proposal, output: Writable): Promise<Choices> {
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

async function askImages(ask: Ask, { images }: Proposal, output: Writable): Promise<Proposal['images']> {
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
