import type { Message } from './message.js';
import type { FailedStep } from './notice.js';

/** Failed steps that a message lists, if there is room. */
const LISTED = 5;
/** Slack's limit for the text of a block is 3,000 characters. */
const LONGEST_TEXT = 2_900;
/** Characters of one text from a build. Escaped, it may be five times as long. */
const LONGEST_PART = 150;

/** The body for a `slack` channel: a short message, as Slack's incoming webhooks take it. */
export function slackBody(message: Message): string {
  const heading = headingOf(message);
  let text = '';
  for (let listed = LISTED; listed >= 0; listed--) {
    text = [`*${heading}*`, ...details(message, listed), linksOf(message)].join('\n');
    if (text.length <= LONGEST_TEXT) break;
  }
  // `verbatim`: Slack makes no links or mentions of plain text.
  const blocks = [{ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }];
  return JSON.stringify({ text: heading, blocks });
}

function headingOf({ notice, subject }: Message): string {
  const { origin } = subject;
  const { owner, name } = origin.repository;
  const where = origin.number === undefined ? ` ${origin.ref.name}` : `#${origin.number}`;
  const state = notice.event === 'failed' ? ':x: Failed' : ':white_check_mark: Succeeded again';
  return `${state}: ${escapeSlack(`${owner}/${name}${where}`)}`;
}

function details({ notice }: Message, listed: number): string[] {
  const { summary, problem, failures } = notice;
  const more = Math.max(0, failures.length - listed) + notice.more;
  return [
    escapeSlack(summary),
    ...(problem === undefined ? [] : [code(problem)]),
    ...failures.slice(0, listed).map(failureLine),
    ...(more > 0 ? [`• ${more} more`] : []),
  ];
}

function linksOf({ subject, urls }: Message): string {
  const { request, name } = subject;
  return [
    ...(urls.pull_request === undefined ? [] : [link(urls.pull_request, 'pull request')]),
    link(urls.commit, `commit ${request.commit.slice(0, 7)}`),
    urls.workflow === undefined ? code(name) : link(urls.workflow, 'workflow'),
  ].join(' · ');
}

/**
 * Text in which Slack and servers compatible with it see no mention, link or markup: `<!channel>` becomes
 * `&lt;!channel&gt;`, and a zero-width space follows each `@`.
 */
export function escapeSlack(text: string): string {
  return oneLine(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/@/g, '@\u200b');
}

function failureLine({ name, reason }: FailedStep): string {
  return `• ${escapeSlack(name)}${reason === undefined ? '' : `: ${code(reason)}`}`;
}

/** In code, nothing is markup but the backtick. */
function code(text: string): string {
  return `\`${escapeSlack(text.replaceAll('`', "'"))}\``;
}

/** The addresses are ours: names in them have no character that ends them. */
function link(url: string, text: string): string {
  return `<${url}|${text}>`;
}

function oneLine(text: string): string {
  const line = text.slice(0, LONGEST_PART).replace(/\s+/g, ' ').trim();
  return text.length > LONGEST_PART ? `${line}…` : line;
}
