import type { PythonModule } from './python-module.js';

/** With these, code puts a name where its text doesn't show it. */
const WRITING = ['exec', 'eval', 'globals', 'vars', 'setattr', '__dict__', 'modules', 'patch', 'monkeypatch'];
/** With these, it finds what its text doesn't name. */
const READING = ['getattr', 'locals', '__import__', 'importlib', 'import_module', '__getattr__', 'runpy'];

/** Whether a file may define what its text doesn't show. */
export function isDynamic({ words, imports }: PythonModule): boolean {
  return (
    [...WRITING, ...READING].some((word) => words.has(word)) || imports.some(({ bound }) => bound === '*')
  );
}

/** Whether a file may put something into another module. */
export function changesModules(module: PythonModule): boolean {
  return (
    WRITING.some((word) => module.words.has(word)) ||
    module.references.some(({ path, isAssigned }) => isAssigned && module.resolve(path) !== undefined)
  );
}
