import { expect } from 'chai';

import { parseSettings } from '../../../../schema/index.js';
import { checkNotify } from '../../../../server/rules/check-notify.js';

function check(...channels: string[]): string[] {
  const text = `server: { repositories: [acme/iris] }\nnotify:\n${channels.map((each) => `  - { ${each} }\n`).join('')}`;
  return checkNotify(parseSettings(text, { file: 'settings.yaml' })).map(
    ({ severity, line, message }) => `${severity} ${line}: ${message}`,
  );
}

const SLACK = 'name: a, kind: slack, repositories: [acme/*], url_file: /a';
const WEBHOOK =
  'name: b, kind: webhook, repositories: [acme/*], url: "https://b.example.com", secret_file: /b';

describe('server/rules/check-notify', () => {
  it('accepts what each kind needs', () => {
    expect(
      check(
        SLACK,
        WEBHOOK,
        WEBHOOK.replace('url: "https://b.example.com"', 'url_file: /c').replace('b', 'c'),
      ),
    ).to.deep.equal([]);
  });

  it('reports at once what is missing and what is too much, each at its line', () => {
    expect(
      check(
        'name: a, kind: slack, repositories: [acme/*], secret_file: /x',
        'name: b, kind: slack, repositories: [acme/*], url: "https://hooks.slack.com/x"',
        'name: b, kind: webhook, repositories: [acme/*]',
        `${WEBHOOK.replace('name: b', 'name: c')}, url_file: /x`,
        WEBHOOK.replace('name: b', 'name: d').replace('acme/*', 'other/*'),
      ),
    ).to.deep.equal([
      'error 3: The channel `a` has no address.',
      'error 3: Messages of a `slack` channel have no signature.',
      'error 4: The address of a `slack` channel is a secret, and `url` is readable.',
      'error 5: Another channel has the name `b`, too.',
      'error 5: The channel `b` has no address.',
      'error 5: The channel `b` has no secret for its signature.',
      'error 6: The channel `c` has two addresses.',
      'warning 7: None of `server.repositories` can use the channel `d`.',
    ]);
  });
});
