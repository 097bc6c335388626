import { stringify } from 'yaml';

import { readMarker } from '../../server/comment/marker.js';
import type { EventResult } from '../../server/inbox/pull-request-event.js';
import type { GitHubWorld } from '../fixtures/github/index.js';
import type { KubernetesStandIn } from '../fixtures/kubernetes.js';
import type { ObservedWorkflow } from '../../argo/status/observed.js';
import type { RawArtifact } from '../../generator/workflow/types.js';
import { workflowsIn } from './server-argo.js';

const REACTIONS = ['eyes', 'rocket', '-1'];

/** What a run has told so far, as files to be read: after each step what is new. */
export class Told {
  readonly files = new Map<string, string>();
  /** What became of the delivery of this step. */
  outcome: EventResult | undefined;
  #comment = '';
  /** Comments on commits that were told of. */
  #onCommits = 0;
  #before = new Map<string, string>();
  readonly #workflows = new Map<string, Fields>();

  constructor(
    private readonly github: GitHubWorld,
    private readonly kubernetes: KubernetesStandIn,
    private readonly namespace: string,
  ) {}

  /** Writes down what is new after a step. */
  after(step: number): void {
    const mine = [...this.github.repositories]
      .flatMap(({ comments }) => [...comments.values()])
      .filter(({ author }) => author.id === this.github.bot.id);
    if (mine.length > 1) throw new Error(`${mine.length} comments of the bot`);
    const comment = mine[0] ? readable(mine[0].body) : '';
    if (comment !== this.#comment) this.files.set(`comment-${step}.md`, comment);
    const onCommits = this.github.repositories.flatMap(({ commitComments }) => commitComments);
    for (const { body } of onCommits.slice(this.#onCommits)) this.files.set(`commit-comment-${step}.md`, readable(body));
    this.#onCommits = onCommits.length;
    const handled = this.outcome && { delivery: this.outcome };
    const told = { ...handled, ...this.#news() };
    if (Object.keys(told).length > 0)
      this.files.set(`told-${step}.yaml`, stringify(told, { lineWidth: 0, indentSeq: false }));
    this.#comment = comment;
    this.outcome = undefined;
  }

  #news(): Record<string, unknown[]> {
    const now = new Map<string, { readonly kind: string; readonly value: unknown }>();
    for (const repository of this.github.repositories) {
      for (const { id, reactions, author } of repository.comments.values()) {
        const given = REACTIONS.filter((each) => reactions.some(({ content }) => content === each));
        if (given.length > 0) now.set(`reactions ${id}`, { kind: 'reactions', value: { comment: id, of: author.login, given } });
      }
      for (const { id, commit, name, status, conclusion, detailsUrl, output, annotations } of repository.checkRuns.values()) {
        const { title, summary } = output;
        const value = {
          commit,
          name,
          status,
          ...(conclusion !== null && { conclusion }),
          ...(detailsUrl !== null && { details_url: detailsUrl }),
          title,
          summary,
          ...(annotations.length > 0 && { annotations }),
        };
        now.set(`check ${id}`, { kind: 'checks', value });
      }
    }
    for (const { metadata, spec } of workflowsIn(this.kubernetes, this.namespace)) {
      const { name, labels, annotations } = metadata;
      const tasks = (spec.templates ?? []).flatMap(({ dag }) => dag?.tasks ?? []).map((task) => task.name);
      const { shutdown } = spec;
      const value = {
        name,
        tasks,
        ...setArguments(spec),
        ...retriedRun(spec),
        ...(shutdown !== undefined && { shutdown }),
        labels,
        annotations,
      };
      const before = this.#workflows.get(name);
      now.set(`workflow ${name}`, { kind: 'workflows', value: before ? changed(before, value) : value });
      this.#workflows.set(name, value);
    }
    const news: Record<string, unknown[]> = {};
    for (const [key, { kind, value }] of now) {
      const text = JSON.stringify(value);
      const isNew = kind === 'workflows' ? !isNameOnly(value) : this.#before.get(key) !== text;
      if (isNew) (news[kind] ??= []).push(value);
      this.#before.set(key, text);
    }
    return news;
  }
}

/** What the run of the pipeline gets, where a command has set something. */
function setArguments({ templates = [] }: ObservedWorkflow['spec']): { readonly arguments?: unknown } {
  const artifacts = templates.flatMap(
    ({ inputs }) => (inputs as { artifacts?: readonly RawArtifact[] } | undefined)?.artifacts ?? [],
  );
  const given = artifacts.find(({ name }) => name === 'arguments')?.raw.data;
  if (given === undefined || !artifacts.some(({ name }) => name === 'argument-details')) return {};
  return { arguments: JSON.parse(given) as unknown };
}

/** The run of the pipeline that continues. */
function retriedRun({ templates = [] }: ObservedWorkflow['spec']): { readonly retried_run?: string } {
  const args = templates.flatMap(({ container }) => container?.args ?? []);
  const [, id = ''] = args.find((each) => each.startsWith('--retry-run='))?.split('=') ?? [];
  return id === '' ? {} : { retried_run: id };
}

type Fields = Readonly<Record<string, unknown>>;

/** What is another than before, with the name. */
function changed(before: Fields, now: Fields): Fields {
  const differs = ([key, value]: [string, unknown]): [string, unknown][] => {
    const was = before[key];
    if (JSON.stringify(was) === JSON.stringify(value)) return key === 'name' ? [[key, value]] : [];
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[key, value]];
    return [[key, changed((was ?? {}) as Fields, value as Fields)]];
  };
  return Object.fromEntries(Object.entries(now).flatMap(differs));
}

function isNameOnly(value: unknown): boolean {
  return Object.keys(value as Fields).length === 1;
}

/** A comment with its hidden state as JSON, which stays hidden where Markdown is shown. */
function readable(body: string): string {
  const marker = readMarker(body);
  if (marker.kind !== 'state') throw new Error(`the comment has no marker: ${marker.kind}`);
  const state = JSON.stringify(marker.state, null, 2).replaceAll('>', '\\u003e');
  return `<!-- kfops state, packed into one line in the comment itself:\n${state}\n-->\n${body.slice(body.indexOf('\n') + 1)}\n`;
}
