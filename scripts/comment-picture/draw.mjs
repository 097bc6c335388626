// Draws the server's comment as GitHub shows it: docs/comment.png and docs/comment-dark.png. With a folder as its argument it
// draws every comment of comments.ts there, for looking at. Once before: npm ci in this folder. CHROMIUM names the browser; default: /usr/bin/chromium.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

import { htmlOf } from '../../test/dev/markdown.ts';
import { COMMENTS } from './comments.ts';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const mermaid = createRequire(import.meta.url).resolve('mermaid/dist/mermaid.min.js');
const css = readFileSync(here('./github.css'), 'utf8');

const [folder] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
try {
  if (folder) {
    mkdirSync(folder, { recursive: true });
    for (const [name, body] of Object.entries(COMMENTS)) {
      for (const theme of ['light', 'dark'])
        await draw(join(folder, `${name}-${theme}.png`), theme, body, name.endsWith('open'));
    }
  } else {
    await draw(here('../../docs/comment.png'), 'light', COMMENTS.picture, false);
    await draw(here('../../docs/comment-dark.png'), 'dark', COMMENTS.picture, false);
  }
} finally {
  await browser.close();
}

async function draw(path, theme, body, open) {
  const page = await browser.newPage({ viewport: { width: 900, height: 600 }, deviceScaleFactor: 2 });
  const html = article(theme, open ? body.replaceAll('<details>', '<details open>') : body);
  await page.setContent(`<!doctype html><meta charset="utf-8"><style>${css}</style>${html}`);
  await page.addScriptTag({ path: mermaid });
  await page.evaluate(`(async () => {
    mermaid.initialize({ startOnLoad: false, theme: '${theme === 'dark' ? 'dark' : 'default'}' });
    await mermaid.run();
  })()`);
  await page.locator('.page').screenshot({ path });
  await page.close();
}

function article(theme, body) {
  return `<div class="page" data-theme="${theme}"><div class="thread"><div class="avatar">K</div><div class="comment">
<div class="head"><b>kfops</b> <i>bot</i> commented 4 minutes ago · edited</div><div class="body">${htmlOf(body)}</div></div></div></div>`;
}
