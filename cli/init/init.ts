import { existsSync, realpathSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

import { CONFIG_PATH } from '../../generator/project/project.js';
import { ConfigError } from '../../schema/diagnostic.js';
import { shellQuote } from '../../schema/shell.js';
import { remoteRepository, workTreeRoot } from '../git-remote.js';
import { loadPlan } from '../load-plan.js';
import { refuseFile } from '../open-project.js';
import { diagnosticsText } from '../output/diagnostics.js';
import { say, stderrPrinter, type Session } from '../session.js';
import { askChoices, imageLine } from './ask.js';
import type { Choices } from './config-text.js';
import { writeInitFiles } from './files.js';
import { propose, type Proposal } from './propose.js';

/** Options of `kfops init`. */
export interface InitFlags {
  readonly yes?: boolean;
  readonly force?: boolean;
}

/**
 * Writes the configuration for what is in a repository, and says what is left to fill in. Existing files stay, but for
 * the schemas.
 *
 * @param dir - as the user wrote it
 * @throws ConfigError in a subfolder of a repository
 */
export async function init(session: Session, dir: string, { yes, force = false }: InitFlags): Promise<void> {
  const { io } = session;
  const folder = resolve(io.cwd, dir);
  refuseFile(dir, folder);
  await refuseSubfolder(session, folder);
  const isThere = existsSync(join(folder, CONFIG_PATH));
  const proposal = isThere && !force ? undefined : await inspectFolder(folder, io.env);
  const asks = !yes && io.stdin.isTTY === true && io.stderr.isTTY === true;
  const choices = !proposal
    ? { images: [] }
    : asks
      ? await askChoices({ input: io.stdin, output: io.stderr, signal: io.interrupted }, proposal)
      : takeAll(proposal);
  const files = await writeInitFiles(folder, choices, force);
  report(session, dir, files);
  if (!proposal) return;
  if (!asks) reportChoices(session, choices, proposal);
  await reportRest(session, dir, choices);
}

/** Nobody but the server's GitHub reads the configuration: it is in the root of the repository. */
async function refuseSubfolder({ io }: Session, folder: string): Promise<void> {
  const root = await workTreeRoot(folder);
  const real = existsSync(folder) ? realpathSync(folder) : folder;
  if (root === undefined || realpathSync(root) === real) return;
  throw new ConfigError([
    {
      code: 'FILE_MISSING',
      severity: 'error',
      message: `${folder} is not the root of its repository, which is ${root}.`,
      file: 'DIR',
      hint: `The configuration belongs into the root: run \`kfops init ${shellQuote(relative(io.cwd, root) || '.')}\`.`,
    },
  ]);
}

async function inspectFolder(folder: string, env: Session['io']['env']): Promise<Proposal> {
  if (existsSync(folder)) return propose(folder, env);
  const repository = await remoteRepository(folder);
  return { ...(repository && { repository }), registries: [], images: [], pipelines: [] };
}

function takeAll({ repository, registries, images, pipelines }: Proposal): Choices {
  const [registry] = registries;
  const [pipeline] = pipelines;
  return {
    ...(repository && { repository }),
    ...(registry !== undefined && { registry }),
    images,
    ...(pipeline && { pipeline }),
  };
}

function report(session: Session, dir: string, files: Awaited<ReturnType<typeof writeInitFiles>>): void {
  const { style } = session;
  for (const { path, state } of files) {
    const file = dir === '.' ? path : join(dir, path);
    const isConfig = !path.includes('/.schema/');
    const note = isConfig ? ` ${style.dim('(it exists; --force overwrites it)')}` : '';
    if (state === 'kept') say(session, `${style.dim('kept ')} ${file}${note}`);
    else say(session, `${style.green(state)} ${file}`);
  }
}

function reportChoices(
  session: Session,
  { repository, registry, images, pipeline }: Choices,
  proposal: Proposal,
): void {
  const { style } = session;
  say(session);
  const line = (label: string, text: string): void => {
    say(session, `${style.bold(label.padEnd(11))}${text}`);
  };
  if (repository) line('Repository', `${repository.owner}/${repository.name} (git’s remote origin)`);
  if (images.length > 0 && registry !== undefined) line('Registry', registry);
  for (const image of images) line('Image', imageLine(image));
  if (images.length === 0) line('Images', 'found no Dockerfile');
  const others = proposal.pipelines.slice(1).map(({ path }) => path);
  if (pipeline)
    line('Pipeline', `${pipeline.path}${others.length === 0 ? '' : ` (also found: ${others.join(', ')})`}`);
  else line('Pipeline', 'found no file with @dsl.pipeline');
}

/** What the files don't show, and what is wrong with them. */
async function reportRest(session: Session, dir: string, choices: Choices): Promise<void> {
  const { style } = session;
  const rest = [
    ...(choices.repository ? [] : ['repository: owner and name on GitHub']),
    ...(choices.images.length > 0 && choices.registry === undefined
      ? ['image_builder.container_registry_uri: where the images are pushed']
      : []),
    ...(choices.namespace === undefined ? ['pipeline.namespace: your Kubeflow profile'] : []),
    ...choices.images.flatMap(({ name, missing }) =>
      missing.length === 0
        ? []
        : [`image ${name}: its Dockerfile copies ${missing.join(', ')}, found in no folder`],
    ),
  ];
  const problems = await loadPlan(session, dir, {}).then(
    () => [],
    (error: unknown) => {
      if (error instanceof ConfigError) return error.diagnostics;
      throw error;
    },
  );
  if (rest.length > 0) {
    say(session, `\n${style.bold(`Left to fill in, in ${CONFIG_PATH}`)}`);
    for (const each of rest) say(session, `  ${each}`);
  }
  if (problems.length > 0) say(session, `\n${diagnosticsText(stderrPrinter(session), problems)}`);
  const where = dir === '.' ? '' : ` ${shellQuote(dir)}`;
  say(session, `\n${style.bold('Next')}  kfops validate${where}`);
}
