import { expect } from 'chai';
import fc from 'fast-check';

import { checkReport } from '../../../../server/comment/check.js';
import { renderComment } from '../../../../server/comment/render.js';
import type { Build } from '../../../../server/comment/state.js';
import { build, COMMIT, CONTEXT, request, row, stateOf } from '../../../support/conversation.js';
import { linkingText, readMarkdown } from '../../../support/markdown-links.js';

const LOG = 'https://argo.example/log';
/** Where a comment may lead: below the repository, and to what the settings name. */
const OWN = new RegExp(
  `^https://github\\.com/acme/churn/(?:commit/${COMMIT}|pull/17#issuecomment-\\d+|blob/${COMMIT}/.+)$|^${LOG}$`,
);

/** A build in which all that a stranger may write is this text. */
function failedBuild(text: string, file: string): Build {
  const failure = {
    kind: 'pipeline_code',
    reason: text,
    nextStep: text,
    location: { file, line: 3 },
  } as const;
  return build('failed', [row(text, 'failed', { failure, tail: text, logUrl: LOG, waiting: text })], {
    request: request(5, { by: [text] }),
    workflow: { name: text, url: LOG },
    text,
    nextStep: text,
    published: {
      version: text,
      versionUrl: LOG,
      pinned: [text],
      notPinned: [text],
      warnings: [text],
      schedules: [text],
    },
    run: { id: text, url: LOG, note: text },
  });
}

function foreignLinks(markdown: string): string[] {
  const { links } = readMarkdown(markdown);
  return links.filter(
    (link) => !OWN.test(new URL(link, 'https://nowhere.test').href) && !link.startsWith('{'),
  );
}

describe('threat 61: a comment or check that leads elsewhere', () => {
  const paths = [
    '../../../../other/name/blob/main/x',
    '/other/name',
    '//evil.test/x',
    'a/../../../b',
    'a\\..\\b',
  ];
  for (const file of paths) {
    it(`shows the file ${file} without a link, and marks no line of it`, () => {
      const failed = failedBuild('compile', file);
      const { body } = renderComment(stateOf(failed), CONTEXT);
      expect(body).to.include(`**compile** · \`${file}:3\` → `);
      expect(body).not.to.include(`/blob/${COMMIT}`);
      const report = checkReport(failed, CONTEXT, [
        { code: 'FOLDER_MISSING', severity: 'error', message: 'There is none.', file, line: 1 },
      ]);
      expect(report.annotations).to.deep.equal([]);
      expect(report.summary).to.include(`\`${file}:3\``).and.not.to.include(`/blob/${COMMIT}`);
    });
  }

  it('shows the file of an error as a link, and marks its line', () => {
    const failed = failedBuild('compile', 'pipeline/a b.py');
    expect(renderComment(stateOf(failed), CONTEXT).body).to.include(
      `[\`pipeline/a b.py:3\`](https://github.com/acme/churn/blob/${COMMIT}/pipeline/a%20b.py?plain=1#L3)`,
    );
    expect(checkReport(failed, CONTEXT).annotations.map(({ path }) => path)).to.deep.equal([
      'pipeline/a b.py',
    ]);
  });

  it('no text of a stranger leads out of the repository', () => {
    fc.assert(
      fc.property(linkingText, linkingText, (text, file) => {
        const failed = failedBuild(text, file);
        const { body } = renderComment(stateOf(failed, failedBuild(text, file)), CONTEXT);
        expect(foreignLinks(body)).to.deep.equal([]);
        expect(foreignLinks(checkReport(failed, CONTEXT).summary)).to.deep.equal([]);
      }),
      { numRuns: 200 },
    );
  });
});
