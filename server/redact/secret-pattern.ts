/** A text that is a secret by its look, with what stands in its place. No pattern repeats what can match in two ways. */
export type SecretPattern = readonly [pattern: RegExp, replacement: string];
