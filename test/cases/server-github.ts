import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';

import type { GitHubAccount, GitHubPull, GitHubRepository, GitHubWorld } from '../fixtures/github/index.js';

/** Ids of the base branch and of the head: always the same for the same files. */
export interface Commits {
  readonly base: string;
  readonly head: string;
}

interface PayloadUser {
  readonly id: number;
  readonly login: string;
  readonly type: GitHubAccount['type'];
}

/** What the runs read of a delivery; `meaningOf` has checked that it is there. */
interface Payload {
  readonly repository: { readonly id: number; readonly name: string; readonly owner: PayloadUser };
  readonly sender: PayloadUser;
  readonly issue?: { readonly number: number; readonly user: PayloadUser };
  readonly pull_request?: { readonly number: number; readonly user: PayloadUser; readonly draft?: boolean };
  readonly action: string;
  /** Of a push: `refs/heads/main`, and the commit. */
  readonly ref?: string;
  readonly head_commit?: { readonly id: string };
  readonly comment?: {
    readonly id: number;
    readonly body: string;
    readonly user: PayloadUser;
    readonly created_at: string;
  };
}

const BRANCH = 'refs/heads/';

/** Which repository a delivery is of. */
export function placeIn(payload: unknown): { readonly repository: { readonly owner: string; readonly name: string } } {
  const { repository } = payload as Payload;
  return { repository: { owner: repository.owner.login, name: repository.name } };
}

/** Makes true at GitHub what a delivery tells: repository, pull request and comment, with their ids. */
export function meet(world: GitHubWorld, payload: unknown, { base, head }: Commits): void {
  const { repository: told, comment, issue, pull_request: request, sender, action } = payload as Payload;
  const { ref, head_commit: pushed } = payload as Payload;
  const account = ({ id, login, type }: PayloadUser): GitHubAccount => {
    const key = login.toLowerCase();
    const there = world.accounts.get(key) ?? { id, login, type };
    world.accounts.set(key, there);
    return there;
  };
  const owner = account(told.owner);
  let repository = world.repository(`${owner.login}/${told.name}`);
  if (!repository) {
    repository = { ...world.addRepository(`${owner.login}/${told.name}`), id: told.id } satisfies GitHubRepository;
    world.repositories.splice(-1, 1, repository);
  }
  world.setRole(repository, account(sender).login, 'write');
  if (ref?.startsWith(BRANCH) && pushed) repository.branches.set(ref.slice(BRANCH.length), pushed.id);
  const about = request ?? issue;
  if (!about) return;
  const pull: GitHubPull =
    repository.pulls.get(about.number) ??
    world.openPull(repository, {
      commit: head,
      number: about.number,
      author: account(about.user).login,
      base: { commit: base, branch: 'main' },
      branchedAt: new Date(0),
    });
  if (request && action === 'closed') pull.state = 'closed';
  pull.draft = request?.draft ?? pull.draft;
  if (!comment) return;
  const at = new Date(comment.created_at);
  const made = {
    id: comment.id,
    repository,
    issue: pull.number,
    author: account(comment.user),
    body: comment.body,
    createdAt: at,
    updatedAt: at,
    reactions: [],
  };
  repository.comments.set(made.id, made);
  pull.comments.push(made);
}

/** Files that tools leave in a checkout and that git would not have. */
const LEFT = new Set(['__pycache__', '.venv', '.DS_Store', '.pytest_cache']);

/** `owner/name.git` below `root`: the files and those of `base/` at the base branch; at the head, those of `change/` over them. */
export function makeRepository(
  root: string,
  files: string,
  folder: string,
  { owner, name }: { readonly owner: string; readonly name: string },
): Commits {
  const work = join(root, 'work');
  cpSync(files, work, { recursive: true, filter: (path) => !LEFT.has(basename(path)) });
  const lay = (name: string): void => {
    if (existsSync(join(folder, name))) cpSync(join(folder, name), work, { recursive: true });
  };
  lay('base');
  git(work, 'init', '-q', '-b', 'main');
  const base = commit(work);
  lay('change');
  const head = commit(work);
  mkdirSync(join(root, owner), { recursive: true });
  const bare = join(root, owner, `${name}.git`);
  git(root, 'clone', '-q', '--bare', 'work', bare);
  git(bare, 'config', 'uploadpack.allowFilter', 'true');
  git(bare, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  return { base, head };
}

function commit(work: string): string {
  git(work, 'add', '-A', '-f');
  git(work, 'commit', '-q', '--allow-empty', '-m', 'change');
  return git(work, 'rev-parse', 'HEAD').trim();
}

/** Nothing of this machine, of its clock or of whoever runs it gets into a commit. */
function git(cwd: string, ...args: readonly string[]): string {
  const env = {
    PATH: process.env.PATH,
    HOME: cwd,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_DEFAULT_HASH: 'sha1',
    GIT_AUTHOR_NAME: 'Ada',
    GIT_AUTHOR_EMAIL: 'ada@example.com',
    GIT_AUTHOR_DATE: '2026-01-05T08:00:00Z',
    GIT_COMMITTER_NAME: 'Ada',
    GIT_COMMITTER_EMAIL: 'ada@example.com',
    GIT_COMMITTER_DATE: '2026-01-05T08:00:00Z',
  };
  return execFileSync('git', args, { cwd, encoding: 'utf8', env });
}
