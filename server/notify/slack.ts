import type { Message } from './message.js';
import type { FailedStep } from './notice.js';

/** Failed steps that a message lists. */
const LISTED = 5;
/** Slack's limit for the text of a block is 3,000 characters. */
const LONGEST_LINE = 400;

/** The body for a `slack` channel: a short message, as Slack's incoming webhooks take it. */
export function slackBody({ notice, subject, urls }: Message): string {
  const { pullRequest, request, name } = subject;
  const { owner, name: repository } = pullRequest.repository;
  const state = notice.event === 'failed' ? ':x: Failed' : ':white_check_mark: Succeeded again';
  const heading = `${state}: ${escapeSlack(`${owner}/${repository}#${pullRequest.number}`)}`;
  const listed = notice.failures.slice(0, LISTED);
  const more = notice.failures.length - listed.length + notice.more;
  const links = [
    link(urls.pull_request, 'pull request'),
    link(urls.commit, `commit ${request.commit.slice(0, 7)}`),
    urls.workflow === undefined ? code(name) : link(urls.workflow, 'workflow'),
  ];
  const lines = [
    `*${heading}*`,
    escapeSlack(notice.summary),
    ...(notice.problem === undefined ? [] : [code(notice.problem)]),
    ...listed.map(failureLine),
    ...(more > 0 ? [`• ${more} more`] : []),
    links.join(' · '),
  ];
  // `verbatim`: Slack makes no links or mentions of plain text.
  const text = { type: 'mrkdwn', text: lines.join('\n'), verbatim: true };
  return JSON.stringify({ text: heading, blocks: [{ type: 'section', text }] });
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
  const line = text.slice(0, LONGEST_LINE).replace(/\s+/g, ' ').trim();
  return text.length > LONGEST_LINE ? `${line}…` : line;
}
