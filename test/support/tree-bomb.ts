import { execFileSync } from 'node:child_process';

/** How a tree grows from a few objects. */
export interface TreeShape {
  readonly depth: number;
  readonly width: number;
  /** What names begin with. Default: `d`. */
  readonly name?: string;
}

/**
 * A tree of a few objects, each of which names the one before several times.
 *
 * @param leaf - the first one, as lines of `git mktree`
 * @returns its id
 */
export function treeBomb(repository: string, leaf: string, { depth, width, name = 'd' }: TreeShape): string {
  let tree = makeTree(repository, leaf);
  for (let level = 1; level < depth; level++) {
    const lines = Array.from({ length: width }, (_, i) => `040000 tree ${tree}\t${name}${i}\n`);
    tree = makeTree(repository, lines.join(''));
  }
  return tree;
}

/**
 * A commit whose folder `bomb` is such a tree, on top of another.
 *
 * @returns its id
 */
export function commitBomb(repository: string, parent: string, shape: TreeShape): string {
  const git = (...args: readonly string[]): string => run(repository, args);
  const blob = git('rev-parse', `${parent}:pipeline/pipeline.py`).trim();
  const leaf = Array.from({ length: 4 }, (_, i) => `100644 blob ${blob}\tf${i}\n`).join('');
  const bomb = treeBomb(repository, leaf, shape);
  const tree = makeTree(repository, `${git('ls-tree', parent)}040000 tree ${bomb}\tbomb\n`);
  return git('commit-tree', '-p', parent, '-m', 'bomb', tree).trim();
}

function makeTree(repository: string, input: string): string {
  return run(repository, ['mktree', '--missing'], input).trim();
}

function run(repository: string, args: readonly string[], input?: string): string {
  const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
  return execFileSync('git', ['-C', repository, ...who, ...args], { encoding: 'utf8', input });
}
