/** A comment's Markdown without the state that the server hides in it. */
export function visibleText(body: string): string {
  return body.replaceAll(/<!--.*?-->/gs, '').trim();
}
