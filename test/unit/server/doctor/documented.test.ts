import { expect } from 'chai';
import { readFile } from 'node:fs/promises';

import { checkText } from '../../../../cli/output/check-text.js';
import { styleOf } from '../../../../templates/style.js';
import { DoctorScene } from './scene.js';

const PAGE = new URL('../../../../docs/install.md', import.meta.url);

describe('the output of kfops doctor --server in docs/install.md', () => {
  let scene: DoctorScene;

  before(async () => {
    scene = await DoctorScene.start();
  });
  after(() => scene.stop());

  it('is what such an App gets', async () => {
    const { setup } = scene.github.world;
    setup.owner = { login: 'acme', type: 'Organization' };
    setup.accepted.set('research', { permissions: setup.asks.permissions, events: ['issue_comment'] });
    setup.hook!.url = 'https://kfops.acme.com/webhook';
    scene.server.url = 'https://kfops.acme.com';
    setup.deliveries.push({
      at: new Date('2026-01-05T09:00:00Z'),
      event: 'issue_comment',
      code: 401,
      status: 'Invalid HTTP Response: 401',
    });
    const checks = await scene.checks();
    const printed = checks
      .map((check) => checkText(check, { style: styleOf(false), columns: 10_000 }))
      .join('\n')
      .replaceAll(scene.github.apiUrl, 'https://api.github.com')
      .replaceAll('https://github.example.com', 'https://github.com')
      .replaceAll(/kfops[ -]test/g, 'kfops-acme')
      .replaceAll(/installations\/\d+/g, 'installations/1234567');
    expect(await readFile(PAGE, 'utf8')).to.include(`\`\`\`text\n${printed}\n\`\`\`\n`);
  });
});
