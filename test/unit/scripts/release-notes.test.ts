import { expect } from 'chai';

import { releaseNotes } from '../../../scripts/release-notes.js';

const CHANGELOG = `# Changelog

## Unreleased

## 1.2.0 - 2026-11-01
### Added
- A.

## 1.1.0
- B.
`;

describe('the notes of a release', () => {
  it('are its section of the changelog', () => {
    expect(releaseNotes('v1.2.0', '1.2.0', CHANGELOG)).to.equal('### Added\n- A.');
    expect(releaseNotes('v1.1.0', '1.1.0', CHANGELOG)).to.equal('- B.');
  });

  it('are refused for a tag that is not the version of the package', () => {
    expect(() => releaseNotes('v1.2.1', '1.2.0', CHANGELOG)).to.throw('Tag the release v1.2.0');
  });

  it('are refused where the section is missing or empty', () => {
    expect(() => releaseNotes('v1.2', '1.2', CHANGELOG)).to.throw('no section "## 1.2"');
    expect(() => releaseNotes('v1.0.0', '1.0.0', '## 1.0.0\n\n## 0.9.0\n- C.\n')).to.throw('is empty');
  });
});
