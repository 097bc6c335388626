/** What ends a block of HTML: one of these texts in a line, or an empty line. */
export type HtmlEnd = readonly string[] | 'blank';

/** A block of HTML that a line begins. */
export interface HtmlBlock {
  readonly end: HtmlEnd;
  /** It ends in the same line. */
  readonly closed: boolean;
  /** Begins also where a paragraph is open. */
  readonly interrupts: boolean;
}

/** No tag that somebody writes is longer, and no pattern has to look at more. */
const LONGEST = 1000;

const VERBATIM = ['pre', 'script', 'style', 'textarea'];
const VERBATIM_ENDS: HtmlEnd = VERBATIM.map((name) => `</${name}>`);

/** Names of the sixth kind of HTML block in CommonMark, and GitHub's. */
const BLOCKS = new Set(
  (
    'address article aside base basefont blockquote body caption center col colgroup dd details dialog dir div dl dt ' +
    'fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html iframe legend li link ' +
    'main menu menuitem nav noframes ol optgroup option p param search section source summary table tbody td tfoot th ' +
    'thead title tr track ul'
  ).split(' '),
);

const WHOLE_TAG =
  /^(?:<[A-Za-z][A-Za-z0-9-]*(?:[ \t]+[A-Za-z_:][A-Za-z0-9_.:-]*(?:[ \t]*=[ \t]*(?:[^ \t"'=<>`]+|'[^']*'|"[^"]*"))?)*[ \t]*\/?>|<\/[A-Za-z][A-Za-z0-9-]*[ \t]*>)$/;

/** @returns the block of HTML that a line begins, by the seven kinds of CommonMark. */
export function htmlBlock(text: string): HtmlBlock | undefined {
  if (!text.startsWith('<')) return undefined;
  const [, closing, tag = ''] = /^<(\/?)([A-Za-z][A-Za-z0-9-]{0,20})(?=[ \t]|\/?>|$)/.exec(text) ?? [];
  const name = tag.toLowerCase();
  if (closing === '' && VERBATIM.includes(name)) return until(VERBATIM_ENDS, text);
  // A quote that is written in HTML goes on over empty lines; CommonMark does not look at that.
  if (closing === '' && name === 'blockquote') return until(['</blockquote>'], text);
  if (text.startsWith('<!--')) return until(['-->'], text);
  if (text.startsWith('<?')) return until(['?>'], text);
  if (text.startsWith('<![CDATA[')) return until([']]>'], text);
  if (/^<![A-Za-z]/.test(text)) return until(['>'], text);
  if (BLOCKS.has(name)) return { end: 'blank', closed: false, interrupts: true };
  if (text.length > LONGEST || !WHOLE_TAG.test(text)) return undefined;
  return { end: 'blank', closed: false, interrupts: false };
}

function until(end: HtmlEnd, text: string): HtmlBlock {
  return { end, closed: endOfHtml(end, text), interrupts: true };
}

/** @returns whether a block of HTML is over with this line. */
export function endOfHtml(end: HtmlEnd, text: string): boolean {
  if (end === 'blank') return text === '';
  const lower = text.toLowerCase();
  return end.some((mark) => lower.includes(mark));
}
