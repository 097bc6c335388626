import { isSpace } from './characters.js';

/** Collects the words of a text while its variables are expanded. */
export class WordCollector {
  readonly #words: string[] = [];
  #isInWord = false;

  /** @param buffer - the word that is being read; substitutions share it, and empty it, as in BuildKit */
  constructor(private readonly buffer: { word: string }) {
    buffer.word = '';
  }

  /** Adds a text that belongs to one word, white space included. */
  add(text: string): void {
    this.buffer.word += text;
    this.#isInWord = true;
  }

  /** Adds a text whose white space separates words. */
  addSplit(text: string): void {
    for (const character of text) {
      if (!isSpace(character)) this.add(character);
      else if (this.#isInWord && this.buffer.word !== '') {
        this.#words.push(this.buffer.word);
        this.buffer.word = '';
        this.#isInWord = false;
      }
    }
  }

  /** @returns all words; the last one ends here. */
  finish(): readonly string[] {
    if (this.buffer.word !== '') this.#words.push(this.buffer.word);
    this.buffer.word = '';
    return this.#words;
  }
}
