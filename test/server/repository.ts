import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { removedWithTests } from '../support/interrupted.js';

const EXAMPLE = fileURLToPath(new URL('../../examples/sklearn-iris', import.meta.url));

/** Files to be committed, by path; undefined: gone. */
export type Changes = Readonly<Record<string, string | undefined>>;

/** A repository as git serves it, with a base and a change on top of it. */
export class LocalRepository {
  /** Git's repositories are in it. */
  readonly root = mkdtempSync(join(tmpdir(), 'kfops-git-'));
  /** Removes all of it. */
  readonly remove = removedWithTests(this.root);
  readonly commits: { readonly base: string; readonly head: string };

  /**
   * @param name - `owner/name`
   * @param files - of the base
   */
  private constructor(
    readonly name: string,
    files: Changes,
    prepare: (work: string) => void,
    change: Changes = { 'pipeline/change.py': 'CHANGED = True\n' },
  ) {
    mkdirSync(this.#work);
    mkdirSync(dirname(this.#bare), { recursive: true });
    git(this.#work, 'init', '-q', '-b', 'main');
    prepare(this.#work);
    git(this.root, 'init', '-q', '--bare', this.#bare);
    git(this.#bare, 'config', 'uploadpack.allowFilter', 'true');
    git(this.#bare, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
    const base = this.commit(files, null);
    this.commits = { base, head: this.commit(change, base) };
  }

  /** With these files and no others. */
  static of(name: string, files: Changes): LocalRepository {
    return new LocalRepository(name, files, () => undefined);
  }

  /** The example, and these files. */
  static example(name: string, files: Changes): LocalRepository {
    const [owner = '', repository = ''] = name.split('/');
    return new LocalRepository(name, files, (work) => {
      cpSync(EXAMPLE, work, { recursive: true });
      const config = join(work, 'config_files/config.yaml');
      const text = readFileSync(config, 'utf8')
        .replace('example-org', owner)
        .replace('sklearn-iris', repository);
      writeFileSync(config, text);
    });
  }

  /** The files of a folder as they are now, without those that its `.gitignore` names. Only reads the folder. */
  static copyOf(folder: string, name: string): LocalRepository {
    const prepare = (work: string): void => {
      git(folder, `--git-dir=${join(work, '.git')}`, '--work-tree=.', 'add', '-A');
      git(work, 'checkout-index', '-a', '-f', '-q');
    };
    return new LocalRepository(name, {}, prepare, {});
  }

  get #work(): string {
    return join(this.root, 'work');
  }

  get #bare(): string {
    return join(this.root, `${this.name}.git`);
  }

  /**
   * A commit with these files changed; it is there for whoever fetches it.
   *
   * @param parent - default: the head; null: none
   */
  commit(files: Changes, parent: string | null = this.commits.head): string {
    const work = this.#work;
    if (parent !== null) git(work, 'checkout', '-q', '--detach', parent);
    for (const [path, content] of Object.entries(files)) {
      const file = join(work, path);
      if (content === undefined) rmSync(file);
      else {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, content);
      }
    }
    git(work, 'add', '-A');
    const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
    git(work, ...who, 'commit', '-q', '--allow-empty', '-m', 'change');
    const commit = git(work, 'rev-parse', 'HEAD').trim();
    git(work, 'push', '-q', this.#bare, `${commit}:refs/pull/${commit.slice(0, 12)}/head`);
    return commit;
  }

  /** Points a branch at a commit. */
  branch(name: string, commit: string): void {
    git(this.#bare, 'update-ref', `refs/heads/${name}`, commit);
  }

  /** A file of the head. */
  read(path: string): string {
    return git(this.#work, 'show', `${this.commits.head}:${path}`);
  }
}

function git(cwd: string, ...args: readonly string[]): string {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  return execFileSync('git', args, { cwd, encoding: 'utf8', env });
}
