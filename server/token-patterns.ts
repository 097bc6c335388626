/** A text that is a secret by its look, with what stands in its place. No pattern repeats what can match in two ways. */
export type SecretPattern = readonly [pattern: RegExp, replacement: string];

/** Tokens and credentials. None of the patterns reaches beyond a string of JSON, so that a line of it stays one. */
export const TOKEN_PATTERNS: readonly SecretPattern[] = [
  // GitHub, GitLab, Slack, npm, PyPI, Hugging Face, OpenAI's and Anthropic's, Google: prefixes that their makers publish.
  [/\bgh[a-z]_[\w.-]{16,}/g, '***'],
  [/\bgithub_pat_\w{20,255}/g, '***'],
  [/\bglpat-[\w-]{16,255}/g, '***'],
  [/\bxox[abeoprs]-[A-Za-z0-9-]{10,255}/g, '***'],
  [/\bnpm_[A-Za-z0-9]{30,255}/g, '***'],
  [/\bpypi-[\w-]{30,255}/g, '***'],
  [/\bhf_[A-Za-z0-9]{30,255}/g, '***'],
  [/\bsk-[\w-]{20,255}/g, '***'],
  [/\bAIza[\w-]{30,255}/g, '***'],
  [/\bya29\.[\w-]{20,2000}/g, '***'],
  [/\bdckr_pat_[\w-]{20,255}/g, '***'],
  // AWS: ids of keys, long-lived and temporary.
  [/\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}/g, '***'],
  // JSON Web Tokens, a service account's too.
  [/(?<![\w-])eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*/g, '***'],
  [/\b(Bearer|Basic)[ \t]{1,4}[a-z0-9._~+/=-]{8,}/gi, '$1 ***'],
  // https://user:password@host, https://token@host
  [/(:\/\/(?:[^\s:/@"\\]{0,255}:)?)[^\s/@"\\]{1,512}@/g, '$1***@'],
];

/** Secrets by the name that stands before them, in a text that anybody wrote. */
export const NAMED_PATTERNS: readonly SecretPattern[] = [
  // PASSWORD=…, "api_key": "…", --token …
  [
    /((?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?)["']?[ \t]{0,4}[:=][ \t]{0,4})("[^"\n]{1,1000}"|'[^'\n]{1,1000}'|[^\s"',;&]{1,1000})/gi,
    '$1***',
  ],
  [/(--(?:password|passwd|secret|token|api-key)[ \t]{1,4})[^\s-]\S{0,1000}/gi, '$1***'],
  // docker's config.json
  [/("auth"[ \t]{0,4}:[ \t]{0,4})"[^"\n]{1,4000}"/g, '$1"***"'],
];

/** A private key (PEM) in a string of JSON, to its end. */
export const KEY_IN_JSON: SecretPattern = [/-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?:[^"\\]|\\.)*/g, '***'];

/** The first and the last line of a private key (PEM). */
const EDGE = /-----(BEGIN|END) [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
/** A line from the middle of a key. Digests in hex have no capitals. */
const KEY_LINE = /^(?=[a-z0-9+/]{0,76}[A-Z])(?=[A-Z0-9+/]{0,76}[a-z])[A-Za-z0-9+/]{60,76}={0,2}$/gm;

/** Masks private keys (PEM), also one whose beginning or end is not in the text any more. */
export function maskPrivateKeys(text: string): string {
  const parts: string[] = [];
  let from = 0;
  let begun: number | undefined;
  let first = true;
  for (const edge of text.matchAll(EDGE)) {
    if (edge[1] === 'BEGIN') begun ??= edge.index;
    else {
      parts.push(text.slice(from, begun ?? (first ? 0 : edge.index)), '***');
      from = edge.index + edge[0].length;
      begun = undefined;
    }
    first = false;
  }
  parts.push(...(begun === undefined ? [text.slice(from)] : [text.slice(from, begun), '***']));
  return parts.join('').replace(KEY_LINE, '***');
}
