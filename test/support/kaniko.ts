import { fileURLToPath } from 'node:url';

import { goProgram } from './go-program.js';

/** A Dockerfile, and how Kaniko would be told to build it. */
export interface KanikoQuestion {
  readonly dockerfile: string;
  /** `NAME=value` */
  readonly buildArgs: readonly string[];
  readonly target: string;
}

/** The images that Kaniko would pull, in its order, or why it refuses the Dockerfile. */
export interface KanikoAnswer {
  /** Of `FROM`. */
  readonly base: readonly string[];
  /** Of `COPY --from`. */
  readonly copy: readonly string[];
  /** Of `RUN --mount=from`, also stages: Kaniko reads them, and does not use them. */
  readonly mount: readonly string[];
  readonly error?: string;
}

/** The Go program of test/kaniko, which has Kaniko's own code. */
export interface Kaniko {
  ask(questions: readonly KanikoQuestion[]): Promise<readonly KanikoAnswer[]>;
  remove(): void;
}

/** Builds the program, or skips the tests: {@link goProgram}. */
export function kaniko(context: Mocha.Context): Kaniko {
  const program = goProgram(context, fileURLToPath(new URL('../kaniko/', import.meta.url)));
  return {
    ask: async (questions) => {
      const lines = await program.run(questions.map((question) => `${JSON.stringify(question)}\n`).join(''));
      const answers = lines.trimEnd().split('\n');
      if (answers.length !== questions.length) {
        throw new Error(`${answers.length} answers to ${questions.length} questions`);
      }
      return answers.map((line) => JSON.parse(line) as KanikoAnswer);
    },
    remove: () => {
      program.remove();
    },
  };
}
