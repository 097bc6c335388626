const LINE = '─'.repeat(60);

/** A comment's Markdown for a terminal, without the server's hidden records. */
export function commentText(body: string): string {
  return [LINE, visible(body), LINE].join('\n');
}

/** What people see of a comment. */
export function visible(body: string): string {
  return body.replaceAll(/<!--.*?-->/gs, '').trim();
}
