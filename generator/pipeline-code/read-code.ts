import type { Diagnostic } from '../../schema/index.js';
import { withPlace } from '../../schema/located.js';
import { Source } from '../../schema/source.js';
import type { ContextSource, SourceEntry } from '../ports.js';
import { findSyntaxProblem } from '../python-syntax.js';
import type { ImportedName } from './import-statement.js';
import { LocalModules } from './local-imports.js';
import { isOtherwiseDecorated } from './pipelines.js';
import { readModule, type PythonModule } from './python-module.js';

/** What is read of a repository's code; the rest counts as valid. */
const LIMITS = { file: 2 ** 18, files: 100, bytes: 2 ** 20 } as const;

/** The pipeline's file, and the repository's modules that are imported with it. */
export interface PipelineCode {
  /** By path; those that could be read. */
  readonly modules: ReadonlyMap<string, PythonModule>;
  /** These are all modules of which it can get a pipeline. */
  readonly isWhole: boolean;
  /** It may have a module `kfops` of its own, in place of the helper module. */
  readonly hasOwnKfops: boolean;
  /** What is not Python. */
  readonly problems: readonly Diagnostic[];
}

/** Reads the code that runs when the pipeline's file is imported. Nothing of it runs. */
export async function readPipelineCode(source: ContextSource, pipelinePath: string): Promise<PipelineCode> {
  const entries = await source.list([''], { only: (path) => path.endsWith('.py') });
  const reader = new CodeReader(source, entries, pipelinePath);
  await reader.read();
  return reader;
}

class CodeReader implements PipelineCode {
  readonly modules = new Map<string, PythonModule>();
  readonly problems: Diagnostic[] = [];
  readonly hasOwnKfops: boolean;
  isWhole = true;
  readonly #entries: ReadonlyMap<string, SourceEntry>;
  readonly #local: LocalModules;
  readonly #seen = new Set<string>();
  readonly #pending: { file: string; name: string; package: string | undefined }[] = [];
  #bytes = 0;

  constructor(
    private readonly source: ContextSource,
    entries: readonly SourceEntry[],
    private readonly pipelinePath: string,
  ) {
    this.#entries = new Map(entries.map((entry) => [entry.path, entry]));
    this.hasOwnKfops = entries.some(({ path }) => /(?:^|\/)kfops(?:\.py$|\/)/.test(path));
    this.#local = new LocalModules(new Set(this.#entries.keys()), pipelinePath);
  }

  async read(): Promise<void> {
    const left = [...this.#local.packages(), this.pipelinePath];
    for (let path = left.shift(); path !== undefined; path = left.shift()) {
      if (!this.#seen.has(path)) left.push(...(await this.#visit(path)));
      if (left.length === 0) left.push(...this.#submodules());
    }
  }

  /** @returns the files that a file certainly imports */
  async #visit(path: string): Promise<string[]> {
    this.#seen.add(path);
    const module = await this.#readFile(path);
    if (!module) {
      this.isWhole = false;
      return [];
    }
    this.modules.set(path, module);
    return module.imports.flatMap((imported) => this.#follow(imported, module, path));
  }

  async #readFile(path: string): Promise<PythonModule | undefined> {
    const text = await this.#textOf(path);
    if (text === undefined) return undefined;
    const problem = await findSyntaxProblem(text);
    if (!problem) return readModule(text);
    const { message, start, end } = problem;
    const place = new Source(path, text).locate(start, end);
    this.problems.push(
      withPlace(
        {
          code: 'PIPELINE_SYNTAX',
          message: `Python syntax error: ${message.charAt(0).toLowerCase()}${message.slice(1)}`,
          hint: `Run \`python3 -m py_compile ${path}\` to check it on your machine.`,
        },
        place,
      ),
    );
    return undefined;
  }

  /** @returns undefined for what is no plain UTF-8 text, and for what is too large */
  async #textOf(path: string): Promise<string | undefined> {
    const entry = this.#entries.get(path);
    if (!entry || entry.problem || !entry.mode.startsWith('100') || entry.size > LIMITS.file)
      return undefined;
    this.#bytes += entry.size;
    if (this.#bytes > LIMITS.bytes || this.#seen.size > LIMITS.files) return undefined;
    const text = (await this.source.text(path))?.replace(/^\ufeff/, '');
    // A file in another encoding has the replacement character in place of some of its letters.
    return text?.includes('\ufffd') ? undefined : text;
  }

  /** @returns the files that an import certainly runs, but for a {@link submodules | submodule} */
  #follow(imported: ImportedName, module: PythonModule, from: string): readonly string[] {
    const { runs, functions } = module.execution(imported.node);
    if (functions.some((each) => isOtherwiseDecorated(module, each))) return [];
    const found = this.#local.find(imported, from);
    if (found.kind === 'installed') return [];
    if (found.kind === 'unknown' || runs !== 'always' || functions.length > 0) {
      this.isWhole = false;
      return [];
    }
    const { files, submodule } = found;
    if (submodule) this.#pending.push({ ...submodule, package: files.at(-1) });
    return files;
  }

  /** The modules that come from packages, which are read by now, where those certainly have nothing else of that name. */
  #submodules(): string[] {
    return this.#pending.splice(0).flatMap(({ file, name, package: init }) => {
      const known = init === undefined ? undefined : this.modules.get(init);
      if (known && !known.words.has(name)) return [file];
      this.isWhole = false;
      return [];
    });
  }
}
