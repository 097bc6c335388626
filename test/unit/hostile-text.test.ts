import { expect } from 'chai';

import { lines } from '../../argo/logs/lines.js';
import { parseServiceName } from '../../argo/network/service-name.js';
import { RULES } from '../../argo/status/failure-rules.js';
import { classifyFailure } from '../../argo/status/failures.js';
import { LAST_STEP_RULES } from '../../argo/status/last-step-rules.js';
import { compileResult, publishResult, runResult } from '../../argo/status/last-steps.js';
import { logLine } from '../../cli/output/log-line.js';
import { wrapCommand } from '../../cli/shell.js';
import { instructionLine } from '../../generator/results/instruction-line.js';
import { generateNamePrefix } from '../../generator/workflow/names.js';
import { repositoryOf } from '../../pipeline/images.js';
import { pipelineName } from '../../pipeline/kfp-names.js';
import { normaliseEndpoint } from '../../schema/endpoint.js';
import { parseImageReference } from '../../schema/image-reference.js';
import { parseComment } from '../../server/commands/verb-table.js';
import { cleaned, harmless } from '../../server/commands/parse/words.js';
import { lastLines, cutMarkdown } from '../../server/comment/cut.js';
import { hasMarker } from '../../server/comment/marker.js';
import { maskPrivateKeys } from '../../server/redact/private-keys.js';
import { redact } from '../../server/redact/redact.js';
import { COMMAND_PATTERNS, NAMED_PATTERNS, TOKEN_PATTERNS } from '../../server/redact/token-patterns.js';
import { parsePointer, usesLfs } from '../../sources/lfs.js';
import * as escape from '../../templates/escape.js';
import { wrapLines } from '../../templates/wrap.js';

/** What anybody's text could make a pattern start over at, with what a rule looks for. */
const UNITS = [
  ...[
    'a',
    'A1',
    ' ',
    '\t',
    '\r',
    '\n',
    '\r\n',
    '`',
    '``a',
    '"',
    "'",
    '\\',
    '/',
    '-',
    '=',
    '.',
    ':',
    '#',
    '@',
    '&',
  ],
  ...[
    '<',
    '</',
    '<!--',
    '[',
    '[[',
    '![',
    '{',
    '{{',
    '|',
    '*',
    '_',
    '~~',
    '> ',
    '- ',
    '1. ',
    'www.',
    '://',
    'a:',
    '%',
  ],
  ...[
    '\u001b[',
    '\u001b]',
    '\u0000',
    '\u200b',
    '\ud800',
    '\ufffd',
    '😀',
    ' filter=lfs',
    'GH-',
    'sha256:',
    '0',
  ],
  ...[
    'stat ',
    'lstat a',
    'failed to get fileinfo for ',
    'no such file or directory',
    'copy failed ',
    'INFO[1] RUN ',
  ],
  ...['error building image: ', 'last error: ', 'error building image: last error: ', 'DENIED', 'dial tcp '],
  ...[
    'failed to push ',
    'failed to execute command: ',
    'error: ',
    'error: a\n  → ',
    'artifact a failed to load: ',
  ],
  ...[
    'artifact context failed to load: ',
    'artifact source failed to load: ',
    'failed to save ',
    'error: the run ended with ',
  ],
  ...[
    'password=',
    '--token ',
    'Bearer ',
    'eyJ',
    'eyJaaaaaaaaaa.',
    'ghp_',
    'https://a:',
    '-----BEGIN PRIVATE KEY-----',
    '"auth": "',
    '-u a:',
    'login -p ',
    'machine a ',
    'glpat-',
    'QUtJQQ',
  ],
  ...['AKIA', '/build ', '<details>', '<a b="', '\\\n', '# escape=`\n', 'FROM a\n'],
];
const SIZE = 128 * 1024;
const SUFFIX = '\u0001!';
/** A quadratic pattern takes more than ten times as long on a fast machine; these take some milliseconds. */
const LIMIT = 5_000;

const kinds = ['build', 'compile-pipeline', 'publish-pipeline', 'run-pipeline'];
const node = (templateName: string, message: string, value = '') => ({
  id: 'n',
  name: 'n',
  displayName: 'n',
  type: 'Pod',
  phase: 'Failed' as const,
  templateName,
  message,
  outputs: { parameters: ['error', 'result'].map((name) => ({ name, value })) },
});
const failed = {
  state: 'failed' as const,
  attempts: 1,
  failure: { kind: 'unknown' as const, reason: 'r', nextStep: 'n' },
};

const FUNCTIONS: Readonly<Record<string, (text: string) => unknown>> = {
  ...Object.fromEntries(
    kinds.flatMap(
      (kind) =>
        [
          [
            `the reason of a failed ${kind} from its log`,
            (log) => classifyFailure(node(kind, ''), {}, { log }),
          ],
          [
            `the reason of a failed ${kind} from its message`,
            (text) => classifyFailure(node(kind, text), {}),
          ],
        ] satisfies [string, (text: string) => unknown][],
    ),
  ),
  'each rule by itself': (text) =>
    [...RULES, ...LAST_STEP_RULES].map(({ pattern, has }) =>
      text.split('\n').map((line) => pattern.test(line) && has?.test(line)),
    ),
  'each pattern of secrets by itself': (text) =>
    [...TOKEN_PATTERNS, ...NAMED_PATTERNS].map(([pattern, by]) => text.replace(pattern, by)),
  'each pattern of options by itself': (text) =>
    COMMAND_PATTERNS.map(([name, option]) => name.test(text) && text.replace(option, '')),
  'private keys': maskPrivateKeys,
  redact: (text) => redact(text, ['a-secret-of-some-length', 'aaaaaaaaaaaa']),
  'error.json': (text) =>
    [
      text,
      JSON.stringify({
        kind: 'code',
        message: text,
        hint: text,
        frames: [{ file: text, line: 1, code: text }],
      }),
    ].map((value) => compileResult(failed, node('compile-pipeline', '', value), {})),
  'result of publish': (text) =>
    publishResult(
      failed,
      node('publish-pipeline', '', JSON.stringify({ version: text, warnings: [text] })),
      {},
    ),
  'result of run': (text) =>
    runResult(
      failed,
      node('run-pipeline', '', JSON.stringify({ run_id: text, state: 'FAILED', message: text })),
    ),
  commands: (text) => [
    parseComment(text),
    parseComment(`/build ${text}`),
    parseComment(`${text}\n/build`),
    parseComment(`- /build ${text}`),
  ],
  words: (text) => [cleaned(text), harmless(text)],
  marker: (text) => [hasMarker(text), hasMarker(`<!-- kfops:1:${text}`)],
  'last lines': (text) => [lastLines(text, 20, 300), cutMarkdown(text, 1_000)],
  escapes: (text) => [
    escape.escapeTerminal(text),
    escape.escapeMarkdown(text),
    escape.markdownCode(text),
    escape.markdownProse(text),
    escape.markdownHtml(text),
    escape.markdownFence(text),
    escape.plainLines(text),
    escape.markdownUrl(`https://example.test/${text}`),
    escape.escapeHtml(text),
  ],
  'lines of a terminal': (text) => [wrapLines(text, 80), wrapCommand(text, 80), logLine(text)],
  'instruction of a Dockerfile': (text) => [instructionLine(text, 'RUN a'), instructionLine('RUN a', text)],
  'LFS files': (text) => [usesLfs(text), parsePointer(Buffer.from(text))],
  names: (text) => [
    pipelineName(text),
    generateNamePrefix(text),
    parseImageReference(text),
    repositoryOf(text),
    normaliseEndpoint(text),
    parseServiceName(text),
  ],
};

describe('text of strangers', () => {
  for (const [name, use] of Object.entries(FUNCTIONS)) {
    it(`threat 40: is read in time that grows with its length alone: ${name}`, () => {
      for (const unit of UNITS) {
        const text = unit.repeat(Math.ceil(SIZE / unit.length)) + SUFFIX;
        const start = process.cpuUsage();
        use(text);
        expect(process.cpuUsage(start).user / 1000, JSON.stringify(unit)).to.be.below(LIMIT);
      }
    });
  }

  it('threat 40: a line without end is cut while it is read', async () => {
    let pieces = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      const piece = Buffer.alloc(64 * 1024, 'a');
      for (; pieces < 4_096; pieces += 1) yield await Promise.resolve(piece);
      yield Buffer.from('\nnext\n');
    }
    const seen: string[] = [];
    for await (const line of lines(endless(), 2_000)) seen.push(line);
    expect(seen).to.deep.equal([`${'a'.repeat(2_000)}… (cut)`, 'next']);
  });
});
