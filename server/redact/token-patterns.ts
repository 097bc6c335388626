import { GITLEAKS_RULES } from './gitleaks-rules.js';
import type { SecretPattern } from './secret-pattern.js';

/** Tokens and credentials. None of the patterns reaches beyond a string of JSON, so that a line of it stays one. */
export const TOKEN_PATTERNS: readonly SecretPattern[] = [
  ...GITLEAKS_RULES,
  // The same makers' tokens in other lengths: GitHub, GitLab, Slack, npm, PyPI, Hugging Face, OpenAI, Google, Docker.
  [/\bgh[a-z]_[\w.-]{16,}/g, '***'],
  [/\bgithub_pat_\w{20,255}/g, '***'],
  [/\bgl(?:pat|rt|dt|ptt|cbt|soat|agent|oas|ft|imt|ffct)-[\w.-]{16,400}/g, '***'],
  [/\bxox[abeoprs]-[A-Za-z0-9-]{10,255}/g, '***'],
  [/\bnpm_[A-Za-z0-9]{30,255}/g, '***'],
  [/\bpypi-[\w-]{30,255}/g, '***'],
  [/\bhf_[A-Za-z0-9]{30,255}/g, '***'],
  [/\bsk-[\w-]{20,255}/g, '***'],
  [/\bAIza[\w-]{30,255}/g, '***'],
  [/\bya29\.[\w-]{20,2000}/g, '***'],
  [/\bdckr_(?:pat|oat)_[\w-]{20,255}/g, '***'],
  // AWS: ids of keys, long-lived and temporary, and Bedrock's keys.
  [/\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}/g, '***'],
  [/bedrock-api-key-[A-Za-z0-9+/=]{16,4000}/g, '***'],
  // Azure AD's client secrets
  [/[\w~.]{3}\dQ~[\w~.-]{31,34}/g, '***'],
  // Terraform Cloud, SendGrid
  [/\.atlasv1\.[\w=-]{40,100}/g, '***'],
  [/\bSG\.[\w-]{16,32}\.[\w-]{30,64}/g, '***'],
  // JSON Web Tokens, a service account's too.
  [/(?<![\w-])eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*/g, '***'],
  [/\b(Bearer|Basic)[ \t]{1,4}[a-z0-9._~+/=-]{8,}/gi, '$1 ***'],
  // Webhook URLs: anyone who has one can post to it.
  [/(\bhooks\.slack(?:-gov)?\.com\/[a-z]{1,20}\/)[\w/-]{8,255}/gi, '$1***'],
  [/(\bdiscord(?:app)?\.com\/api\/webhooks\/)[\w/-]{8,255}/gi, '$1***'],
  // https://user:password@host, https://token@host
  [/(:\/\/(?:[^\s:/@"\\]{0,255}:)?)[^\s/"\\]{1,512}@/g, '$1***@'],
];

/** Secrets by the name before them, in untrusted text: in quotes, or up to the next space. */
export const NAMED_PATTERNS: readonly SecretPattern[] = [
  // Authorization: token …
  [
    /(\bauthorization["']?[ \t]{0,4}[:=][ \t]{0,4}["']?(?:(?:bearer|basic|token|digest|negotiate|api-?key|aws4-hmac-sha256)[ \t]{1,4})?)[^\s"'][^\n"']*/gi,
    '$1***',
  ],
  // PASSWORD=…, "api_key": "…", AccountKey=…
  [
    /((?:pass(?:word|wd|phrase)|secret|token|(?:api|access|private|account|secret|auth|encryption|signing)[_-]?key|access[_-]?signature|credentials?|_auth|[_;]pwd)["']?[ \t]{0,4}(?:=>|:=|={1,3}|:)[ \t]{0,4})("(?:[^"\\\n]|\\.)+"?|'[^'\n]+'?|[^\s"']\S*)/gi,
    '$1***',
  ],
  // --token …, --registry-password …, --creds user:…
  [
    /(--(?:[a-z0-9]{1,30}-){0,4}(?:password|passwd|passphrase|pass|pwd|secret|token|api-?key|access-?key|secret-?key|private-?key|creds|credentials?|bearer)["']?(?:[ \t]{1,4}|[ \t]{0,4}[,=][ \t]{0,4}))("(?:[^"\\\n]|\\.)+"?|'[^'\n]+'?|[^\s"'-]\S*)/gi,
    '$1***',
  ],
  // curl -u user:password. `docker run -u 1000:1000` has no password.
  [
    /((?<![^\s"',])(?:-u|--user|-U|--proxy-user)(?:=|[ \t]{1,4})?"[^":\n]{1,255}:)(?:[^"\\\n]|\\.)+/g,
    '$1***',
  ],
  [/((?<![^\s"',])(?:-u|--user|-U|--proxy-user)(?:=|[ \t]{1,4})?'[^':\n]{1,255}:)[^'\n]+/g, '$1***'],
  [
    /((?<![^\s"',])(?:-u|--user|-U|--proxy-user)(?:["']?[ \t]{0,4},[ \t]{0,4}["']|=|[ \t]{1,4})?(?!\d{1,10}:\d{1,10}(?!\S))[^\s:"'+=,]{1,255}:)[^\s"']\S*/g,
    '$1***',
  ],
  // openssl -passin pass:…
  [/(-pass(?:in|out)?[ \t]{1,4}["']?pass:)[^\s"']+/g, '$1***'],
  // An address that is signed: Azure, AWS, Google.
  [/([?&;](?:sig|signature|x-amz-signature|x-goog-signature|x-amz-security-token)=)[^\s&"']+/gi, '$1***'],
  // netrc
  [/((?<!\S)(?:machine|login|account)\s{1,80}\S{1,255}\s{1,80}password\s{1,80})\S+/g, '$1***'],
  [/((?<!\S)default\s{1,80}password\s{1,80})\S+/g, '$1***'],
  [/^([ \t]{0,80}password[ \t]{1,80})\S+$/gm, '$1***'],
  // docker's config.json
  [/("auth"[ \t]{0,4}:[ \t]{0,4})"[^"\n]+"?/g, '$1"***"'],
];

/** Options of certain commands that take a password, and are something else in others: `mkdir -p`, `docker run -p`. */
export const COMMAND_PATTERNS: readonly (readonly [command: RegExp, option: RegExp])[] = [
  [
    /\b(?:login|twine|sshpass|mysql|mariadb|mongo)/,
    /((?<![^\s"',])(?<!mkdir[ \t])-p(?:["']?(?:[ \t]{1,4}|[ \t]{0,4}[,=][ \t]{0,4}))?)("(?:[^"\\\n]|\\.)+"?|'[^'\n]+'?|[^\s"'-]\S*)/g,
  ],
  [
    /\b(?:zip|unzip|sqlcmd|bcp)\b/,
    /((?<![^\s"',])-P(?:["']?(?:[ \t]{1,4}|[ \t]{0,4}[,=][ \t]{0,4}))?)("(?:[^"\\\n]|\\.)+"?|'[^'\n]+'?|[^\s"'-]\S*)/g,
  ],
  [
    /\bredis-cli\b/,
    /((?<![^\s"',])-a["']?(?:[ \t]{1,4}|[ \t]{0,4}[,=][ \t]{0,4}))("(?:[^"\\\n]|\\.)+"?|'[^'\n]+'?|[^\s"'-]\S*)/g,
  ],
  [
    /\bldap[a-z]/,
    /((?<![^\s"',])-w["']?(?:[ \t]{1,4}|[ \t]{0,4}[,=][ \t]{0,4}))("(?:[^"\\\n]|\\.)+"?|'[^'\n]+'?|[^\s"'-]\S*)/g,
  ],
  [
    /\bsmbclient\b/,
    /((?<![^\s"',])-U(?:["']?(?:[ \t]{1,4}|[ \t]{0,4}[,=][ \t]{0,4}))?["']?[^\s"'%,]{1,255}%)[^\s"']+/g,
  ],
  [/\bchpasswd\b/, /(\becho[ \t]{1,4}(?:-\w[ \t]{1,4})?["']?[^\s:"']{1,255}:)[^\s"'|]+/g],
];

/** A private key (PEM) in a string of JSON, to its end. */
export const KEY_IN_JSON: SecretPattern = [/-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?:[^"\\]|\\.)*/g, '***'];
