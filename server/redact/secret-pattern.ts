/** A text that looks like a secret, with its replacement. No pattern repeats what can match in two ways. */
export type SecretPattern = readonly [pattern: RegExp, replacement: string];
