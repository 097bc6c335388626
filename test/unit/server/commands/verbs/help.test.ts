import { expect } from 'chai';

import { VERBS } from '../../../../../server/commands/verb-table.js';
import { helpMarkdown } from '../../../../../server/commands/verbs/help.js';

describe('the answer to /help', () => {
  it('lists every command as it is written here', () => {
    expect(helpMarkdown(VERBS, { forks: false }))
      .to.include('| `/build_run [IMAGE...]` |')
      .and.not.to.include('ok-to-test')
      .and.not.to.include('deploy');
    expect(helpMarkdown(VERBS, { prefix: '/kfops', forks: true }))
      .to.include('| `/kfops build [IMAGE...]` |')
      .and.to.include('`/kfops ok-to-test COMMIT`');
  });

  it('lists every flag once, with the commands that have it', () => {
    const text = helpMarkdown(VERBS, { forks: false });
    expect(text).to.include('- `--force` (`build` and `build_run`): ');
    expect(text).to.include('- `--version-id=ID` (`run`): ');
    expect(text.split('--no-cache')).to.have.length(2);
  });
});
