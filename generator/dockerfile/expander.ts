import { ExpansionError } from './expansion-error.js';
import { Scanner } from './scanner.js';
import { WordCollector } from './split-shell-words.js';
import { readModifier, readName, replaceIn, substitute } from './substitution.js';

/** How long an expanded text can be: no image's name is as long, and arguments of arguments could fill the memory. */
const LONGEST = 2 ** 16;
/** Substitutions within substitutions that are read; each is a call within a call. */
const DEEPEST = 100;

/** What stays as it was written. */
export interface Keeping {
  readonly quotes?: boolean;
  readonly escapes?: boolean;
  /** Variables without a value. */
  readonly unset?: boolean;
}

/** A text that was read. */
export interface ShellText {
  readonly value: string;
  readonly words: readonly string[];
}

/**
 * BuildKit's lexer of shell words, for one text.
 *
 * @see https://github.com/moby/buildkit/blob/v0.22.0/frontend/dockerfile/shell/lex.go
 */
export class Expander {
  /** Variables without a value that were used. */
  readonly unset: string[] = [];
  readonly #scanner: Scanner;
  readonly #longest: number;
  readonly #buffer = { word: '' };
  #keepsEscapes: boolean;
  #depth = 0;

  constructor(
    text: string,
    private readonly variables: ReadonlyMap<string, string>,
    private readonly keeping: Keeping = {},
  ) {
    this.#scanner = new Scanner(text);
    this.#longest = Math.max(LONGEST, 2 * text.length);
    this.#keepsEscapes = keeping.escapes ?? false;
  }

  /** @throws ExpansionError */
  read(): ShellText {
    return this.#until(undefined);
  }

  /** Reads to the end, or to a character that ends a part of a substitution. */
  #until(stop: string | undefined): ShellText {
    if (++this.#depth > DEEPEST) throw new ExpansionError('substitutions are nested too deeply');
    const words = new WordCollector(this.#buffer);
    let value = '';
    for (let next = this.#scanner.peek(); next !== undefined; next = this.#scanner.peek()) {
      if (stop !== undefined && this.#scanner.takes(stop)) {
        this.#depth--;
        return { value, words: words.finish() };
      }
      if (next === '$') {
        const part = this.#variable();
        value += part;
        words.addSplit(part);
      } else if (/^['"<\\]$/.test(next)) {
        const part = this.#special(next);
        value += part;
        words.add(part);
      } else {
        value += next;
        words.addSplit(next);
        this.#scanner.next();
      }
      this.#check(value);
    }
    if (stop !== undefined) throw new ExpansionError(`a substitution has no \`${stop}\``);
    return { value, words: words.finish() };
  }

  /** What one of `'"<\` begins. */
  #special(character: string): string {
    this.#scanner.next();
    if (character === "'") return this.#singleQuoted();
    if (character === '"') return this.#doubleQuoted();
    if (character === '\\') return (this.#keepsEscapes ? character : '') + (this.#scanner.next() ?? '');
    // The beginning of a heredoc is one word.
    return this.#scanner.takes('<') ? `<<${this.#scanner.takeWhile(/^[\t\r ]$/)}` : '<';
  }

  #singleQuoted(): string {
    const value = this.#scanner.takeWhile(/^[^']$/u);
    if (!this.#scanner.takes("'")) throw new ExpansionError("a `'` has no end");
    return this.keeping.quotes ? `'${value}'` : value;
  }

  #doubleQuoted(): string {
    const quote = this.keeping.quotes ? '"' : '';
    let value = quote;
    for (let next = this.#scanner.peek(); next !== undefined; next = this.#scanner.peek()) {
      if (next === '$') {
        value += this.#variable();
        this.#check(value);
        continue;
      }
      this.#scanner.next();
      if (next === '"') return value + quote;
      if (next !== '\\') value += next;
      else value += (this.#keepsEscapes ? next : '') + this.#escapedInQuotes();
    }
    throw new ExpansionError('a `"` has no end');
  }

  /** What follows a `\` in double quotes, which stays unless it escapes something. */
  #escapedInQuotes(): string {
    const next = this.#scanner.peek() ?? '';
    if (/^["$\\]$/.test(next)) return this.#scanner.next() ?? '';
    return next === '' ? '' : '\\';
  }

  #variable(): string {
    this.#scanner.next();
    if (!this.#scanner.takes('{')) {
      const name = readName(this.#scanner);
      return name === '' ? '$' : this.#valueOf(name, `$${name}`);
    }
    if (/^[{}:]?$/.test(this.#scanner.peek() ?? '')) throw new ExpansionError('`${` has no name');
    const name = readName(this.#scanner);
    if (this.#scanner.takes('}')) return this.#valueOf(name, `\${${name}}`);
    return this.#scanner.takes('/') ? this.#replaced(name) : this.#modified(name);
  }

  #modified(name: string): string {
    const modifier = readModifier(this.#scanner);
    const { kind, ignoresEmpty } = modifier;
    const unsetBefore = this.unset.length;
    const word = this.#part('}', kind === '#' || kind === '%');
    const unsetInWord = this.unset.splice(unsetBefore);
    const value = this.variables.get(name);
    if (value === undefined && this.keeping.unset) {
      return `\${${name}${ignoresEmpty ? ':' : ''}${kind}${word}}`;
    }
    const result = substitute(name, value, modifier, word);
    if ('word' in result) {
      this.unset.push(...unsetInWord);
      return result.word;
    }
    if (value === undefined && (kind === '#' || kind === '%')) this.unset.push(name);
    return result.value;
  }

  #replaced(name: string): string {
    const isAll = this.#scanner.takes('/');
    const pattern = this.#part('/', true);
    const replacement = this.#part('}', true);
    if (this.keeping.unset && !this.variables.has(name)) return `\${${name}/${pattern}/${replacement}}`;
    return replaceIn(this.#valueOf(name, ''), pattern, replacement, isAll);
  }

  /** @param keepsEscapes - for patterns, which have escapes of their own */
  #part(stop: string, keepsEscapes: boolean): string {
    const before = this.#keepsEscapes;
    this.#keepsEscapes = keepsEscapes;
    const { value } = this.#until(stop);
    this.#keepsEscapes = before;
    return value;
  }

  #valueOf(name: string, written: string): string {
    const value = this.variables.get(name);
    if (value !== undefined) return value;
    if (this.keeping.unset) return written;
    this.unset.push(name);
    return '';
  }

  #check(value: string): void {
    if (value.length > this.#longest) throw new ExpansionError('the text becomes too long');
  }
}
