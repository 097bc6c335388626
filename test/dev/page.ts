import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type { GitHubComment, GitHubPull } from '../fixtures/github/index.js';
import { nameOf } from '../fixtures/github/index.js';
import { escapeHtml, htmlOf } from './markdown.js';
import { emojiOf } from './reactions.js';

const PICTURE = new URL('../../scripts/comment-picture/', import.meta.url);

/** Draws the diagrams. It is there after `npm ci` in scripts/comment-picture; without it the page shows their text. */
export const MERMAID = findMermaid();

/** The look of GitHub's comments, in a page that fits the window. */
export const STYLE = `${readFileSync(new URL('github.css', PICTURE), 'utf8')}
.page { width: auto; max-width: 900px; margin: 0 auto; }
.thread + .thread { margin-top: 16px; }
.avatar { text-transform: uppercase; }
.reactions { padding: 0 16px 12px; }
.status { color: var(--muted); }
.mermaid:not([data-processed]) { text-align: left; white-space: pre; overflow: auto; }
`;

/** Shows the thread, and again after each change. Details that the reader has opened stay open. */
export const SCRIPT = `
const dark = matchMedia('(prefers-color-scheme: dark)').matches;
document.documentElement.dataset.theme = dark ? 'dark' : 'light';
const thread = document.getElementById('thread');
const status = document.getElementById('status');
globalThis.mermaid?.initialize({ startOnLoad: false, theme: dark ? 'dark' : 'default' });
async function show() {
  const html = await (await fetch('/thread')).text();
  const open = [...thread.querySelectorAll('details')].map((each) => each.open);
  thread.innerHTML = html;
  thread.querySelectorAll('details').forEach((each, at) => (each.open = open[at] ?? each.open));
  await globalThis.mermaid?.run();
}
const events = new EventSource('/events');
events.onmessage = () => { status.textContent = 'live'; void show(); };
events.onerror = () => { status.textContent = 'npm run dev has ended. The page continues when it runs again.'; };
`;

/** The page around the thread. */
export function pageOf(pull: GitHubPull): string {
  const title = escapeHtml(`${nameOf(pull.repository)}#${pull.number}`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title} · kfops dev</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
<div class="page">
<h3>${title} <span class="status">at <code>${pull.head.commit.slice(0, 12)}</code> · <span id="status">…</span></span></h3>
<div id="thread"></div>
</div>
${MERMAID === undefined ? '' : '<script src="/mermaid.js"></script>'}
<script src="/page.js"></script>
</html>
`;
}

/** The comments of a pull request. */
export function threadOf(pull: GitHubPull): string {
  return pull.comments.map(commentOf).join('\n');
}

function commentOf({ author, body, createdAt, updatedAt, reactions }: GitHubComment): string {
  const login = escapeHtml(author.login.replace('[bot]', ''));
  const bot = author.type === 'Bot' ? ' <i>bot</i>' : '';
  const edited = updatedAt > createdAt ? ' · edited' : '';
  const emojis = reactions.map(({ content }) => emojiOf(content)).join(' ');
  return `<div class="thread"><div class="avatar">${login.charAt(0)}</div><div class="comment">
<div class="head"><b>${login}</b>${bot} commented at ${createdAt.toLocaleTimeString()}${edited}</div>
<div class="body">${htmlOf(body)}</div>
${emojis === '' ? '' : `<div class="reactions">${emojis}</div>`}
</div></div>`;
}

function findMermaid(): string | undefined {
  try {
    return createRequire(PICTURE).resolve('mermaid/dist/mermaid.min.js');
  } catch {
    return undefined;
  }
}
