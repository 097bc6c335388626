import { Marked } from 'marked';
import markedAlert from 'marked-alert';

// Raw HTML stays: the comments are of the developer and of the local server, and the page's policy allows no script in it.
const marked = new Marked({ gfm: true }).use(markedAlert(), {
  renderer: {
    code: ({ text, lang }) =>
      lang === 'mermaid'
        ? `<div class="diagram"><pre class="mermaid">${escapeHtml(text)}</pre></div>`
        : false,
  },
});

/** A comment as GitHub shows it, approximately. */
export function htmlOf(body: string): string {
  return marked.parse(body, { async: false });
}

export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
