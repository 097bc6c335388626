/** A Dockerfile as BuildKit's parser reads it, which Kaniko uses. Made by `parseDockerfile`. */
export interface Dockerfile {
  readonly text: string;
  /** What continues a line and escapes a character. */
  readonly escape: '\\' | '`';
  readonly instructions: readonly Instruction[];
  /** The `ARG` instructions before the first `FROM`, one entry for each argument. */
  readonly globalArguments: readonly Argument[];
  readonly stages: readonly Stage[];
  /** What the parser refuses. It then continues as well as it can. */
  readonly problems: readonly SyntaxProblem[];
}

/** A part of the file's text. */
export interface Span {
  /** UTF-16 offset of its first character. */
  readonly start: number;
  /** UTF-16 offset behind its last character. */
  readonly end: number;
}

/** A word of an instruction, without the continuations of lines in it. */
export interface Word extends Span {
  readonly text: string;
}

/** One instruction; `ONBUILD COPY …` is one, too, whose words are those behind `ONBUILD`. */
export interface Instruction {
  /** In upper case: `FROM`. */
  readonly keyword: string;
  /** As it was written. */
  readonly place: Word;
  readonly flags: readonly Flag[];
  /** What follows the flags, as one word. */
  readonly rest: Word;
  /** What follows the flags, split at white space; the strings of a JSON array where it is one. */
  readonly words: readonly Word[];
  readonly isJson: boolean;
  /** How many heredocs follow it. */
  readonly heredocs: number;
}

/** `--name=value` between an instruction and its words. */
export interface Flag extends Span {
  readonly name: string;
  /** Without quotes and escapes; absent: there is no `=`. */
  readonly value?: string;
  /** The place of a part of the value: between quotes where it is quoted. */
  span(from: number, to: number): Span;
}

/** One argument of an `ARG` instruction. */
export interface Argument extends Span {
  readonly name: string;
  /** Its default, with quotes and variables as written. */
  readonly value?: string;
}

/** A `FROM` instruction and what follows it. */
export interface Stage {
  /** From 0. */
  readonly index: number;
  /** In lower case. */
  readonly name?: string;
  readonly from: Instruction;
  /** Its image or stage, as written. */
  readonly base: Word;
  /** What follows `FROM`. */
  readonly instructions: readonly Instruction[];
}

/** Why the parser refuses the file. */
export interface SyntaxProblem extends Span {
  /** A clause: `the heredoc \`EOF\` has no end`. */
  readonly message: string;
  readonly hint: string;
}

/** Where a Dockerfile names an image that does not come from the Dockerfile itself. */
export interface ImageUse extends Span {
  /** `FROM`, `COPY --from` or `RUN --mount=from`. Kaniko does not pull the images of mounts. */
  readonly kind: 'base' | 'copy' | 'mount';
  /** As written, without the continuations of lines in it. */
  readonly written: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** With all variables expanded, as Kaniko pulls it; absent where {@link ImageUse.unresolved} says why. */
  readonly reference?: string;
  /** The variable without a value, or the expression that Kaniko can't expand. */
  readonly unresolved?: string;
  /** Index of the stage that uses it. */
  readonly stage: number;
  /** `FROM --platform`, expanded. Kaniko ignores it. */
  readonly platform?: string;
  /** Kaniko can build its stage: the target, and each stage before it. Version 1.24 skips none of these. */
  readonly isNeeded: boolean;
}
