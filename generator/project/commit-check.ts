import type { Diagnostic } from '../../schema/index.js';
import type { Context } from '../contexts/context.js';
import type { ContextSource, DifferingFile } from '../ports.js';
import { CONFIG_PATH, KANIKO_MANIFEST_PATH } from './project.js';

/** How many files the warning names. */
const NAMED = 3;

/** Holds what is delivered against the commit of a source: tags and versions promise its files. */
export class CommitCheck {
  readonly #answers = new Map<string, Promise<boolean>>();
  readonly #unseen = new Set<string>();
  #same = true;

  constructor(private readonly source: ContextSource) {}

  /**
   * Whether a context is what the commit gives.
   *
   * @param folders - that it was chosen from; `''` is the root
   * @param counts - the files in them whose absence counts; default: all
   */
  isCommit(
    { key, entries }: Pick<Context, 'key' | 'entries'>,
    folders: readonly string[],
    counts: (path: string) => boolean = () => true,
  ): Promise<boolean> {
    const id = JSON.stringify([key, ...folders]);
    const answer = this.#answers.get(id) ?? this.#compare(entries, folders, counts);
    this.#answers.set(id, answer);
    return answer;
  }

  async #compare(
    entries: Context['entries'],
    folders: readonly string[],
    counts: (path: string) => boolean,
  ): Promise<boolean> {
    const { source } = this;
    if (source.differing === undefined) return !source.revision.dirty;
    const delivered = entries.map((entry) => entry.source);
    return this.#note((await source.differing(folders, delivered)).filter(({ path }) => counts(path)));
  }

  #note(differing: readonly DifferingFile[]): boolean {
    for (const { path, unseen } of differing) if (unseen) this.#unseen.add(path);
    if (differing.length > 0) this.#same = false;
    return differing.length === 0;
  }

  /** Something that the commit has is not in a context, without an error. */
  noteMissing(paths: readonly string[]): void {
    this.#note(paths.map((path) => ({ path, unseen: true })));
  }

  /** Whether any file of the build is not the commit's: of the contexts asked about, or the configuration. */
  async isDirty(): Promise<boolean> {
    const { source } = this;
    if (source.revision.dirty || source.differing === undefined) return source.revision.dirty;
    const files = await source.identify(await source.list([CONFIG_PATH, KANIKO_MANIFEST_PATH]));
    this.#note(await source.differing([CONFIG_PATH, KANIKO_MANIFEST_PATH], files));
    return !this.#same;
  }

  /** What nobody sees in `git status`. */
  warnings(): Diagnostic[] {
    const paths = [...this.#unseen].sort();
    if (paths.length === 0) return [];
    const named = paths.slice(0, NAMED).map((path) => `\`${path}\``);
    const more = paths.length > NAMED ? [`${paths.length - NAMED} more`] : [];
    const commit = this.source.revision.commit?.slice(0, 12) ?? '';
    return [
      {
        code: 'NOT_THE_COMMIT',
        severity: 'warning',
        message: `Git calls ${[...named, ...more].join(', ')} unchanged, but what is on disk isn't what commit ${commit} has. Images with these files get a tag of their own.`,
        hint: 'Build from the commit with `--commit HEAD`. `git ls-files -v` shows the files that git was told not to look at; `git ls-files --eol`, those that it converts.',
      },
    ];
  }
}
