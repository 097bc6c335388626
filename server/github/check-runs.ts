import { LRUCache } from 'lru-cache';
import type { Octokit } from 'octokit';

import { trimEndOf } from '../../schema/trim-end.js';
import type { Annotation, CheckReport, Checks, Repository, Urgency } from '../ports.js';
import { repositoryKey } from '../repository-key.js';
import type { Calls } from './calls.js';
import { PER_PAGE, pages } from './pages.js';

/** The names that people see on the commit. They can require the build's in the rules of a branch. */
export const CHECK_NAMES = { build: 'kfops', answer: 'kfops answer' } as const;
/** GitHub takes so many in one request, and adds those of the next one to them. */
const ANNOTATIONS_AT_ONCE = 50;
/** GitHub's limit on a summary, in bytes. */
const LONGEST_SUMMARY_BYTES = 65_535;
/** How many runs are remembered, so that nothing has to search for them. */
const REMEMBERED = 10_000;

const STATES = {
  queued: { status: 'queued' },
  running: { status: 'in_progress' },
  success: { status: 'completed', conclusion: 'success' },
  failure: { status: 'completed', conclusion: 'failure' },
  cancelled: { status: 'completed', conclusion: 'cancelled' },
  neutral: { status: 'completed', conclusion: 'neutral' },
} as const satisfies Record<CheckReport['state'], object>;

/** The name of a check of this kind. */
export function nameOf({ kind }: { readonly kind?: CheckReport['kind'] | undefined }): string {
  return CHECK_NAMES[kind ?? 'build'];
}

/** A check run that is there. */
interface Run {
  readonly id: number;
  /** How many annotations it has. */
  readonly annotated: number;
}

/**
 * A check run for each build, found by its external id, so that another process can continue it. Annotations that are
 * there are not sent again.
 */
export class CheckRuns implements Checks {
  readonly #runs = new LRUCache<string, Run>({ max: REMEMBERED });
  /** What was last asked for and is not done. */
  readonly #latest = new Map<string, CheckReport>();

  constructor(private readonly calls: Calls) {}

  async report(repository: Repository, report: CheckReport, urgency: Urgency): Promise<void> {
    const key = `check ${repositoryKey(repository)} ${report.commit} ${nameOf(report)} ${report.externalId}`;
    const wanted = report.annotations.length;
    this.#latest.set(key, report);
    try {
      // A later report ends this one: nothing older may be written after it.
      for (let annotated = -1; annotated < wanted && this.#latest.get(key) === report;) {
        annotated = await this.calls.write(repository, { urgency, key }, async (octokit, mayBeDone) => {
          const known = mayBeDone ? undefined : this.#runs.peek(key);
          const there = known ?? (await find(octokit, repository, report));
          const run = await this.#write(octokit, repository, report, there);
          this.#runs.set(key, run);
          return run.annotated;
        });
      }
    } finally {
      if (this.#latest.get(key) === report) this.#latest.delete(key);
    }
  }

  async latest(repository: Repository, commit: string, kind?: CheckReport['kind']): Promise<number> {
    return this.calls.read(repository, async (octokit) => {
      let latest = 0;
      for await (const run of runsOf(octokit, repository, commit, nameOf({ kind }))) {
        const id = Number(run.external_id);
        if (id > latest) latest = id;
      }
      return latest;
    });
  }

  async #write(
    octokit: Octokit,
    repository: Repository,
    report: CheckReport,
    run: Run | undefined,
  ): Promise<Run> {
    const from = run?.annotated ?? 0;
    const annotations = report.annotations.slice(from, from + ANNOTATIONS_AT_ONCE).map(annotationOf);
    const fields = {
      owner: repository.owner,
      repo: repository.name,
      name: nameOf(report),
      external_id: report.externalId,
      ...(report.url !== undefined && { details_url: report.url }),
      ...(report.startedAt && { started_at: report.startedAt.toISOString() }),
      ...(report.finishedAt && { completed_at: report.finishedAt.toISOString() }),
      output: { title: report.title, summary: cut(report.summary), annotations },
    };
    const { data } = await (run
      ? octokit.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
          ...fields,
          ...STATES[report.state],
          check_run_id: run.id,
        })
      : octokit.request('POST /repos/{owner}/{repo}/check-runs', {
          ...fields,
          ...STATES[report.state],
          head_sha: report.commit,
        }));
    return {
      id: Number(data.id),
      annotated: Math.max(data.output.annotations_count, from + annotations.length),
    };
  }
}

async function find(octokit: Octokit, repository: Repository, report: CheckReport): Promise<Run | undefined> {
  for await (const run of runsOf(octokit, repository, report.commit, nameOf(report)))
    if (run.external_id === report.externalId)
      return { id: Number(run.id), annotated: run.output.annotations_count };
  return undefined;
}

async function* runsOf(octokit: Octokit, { owner, name }: Repository, commit: string, check: string) {
  const ask = (page: number) =>
    octokit.request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
      owner,
      repo: name,
      ref: commit,
      check_name: check,
      // Not only the latest one of this name.
      filter: 'all',
      per_page: PER_PAGE,
      page,
    });
  for await (const { check_runs: runs } of pages(ask)) yield* runs;
}

function annotationOf({ path, line, level, title, message }: Annotation) {
  return {
    path,
    start_line: line,
    end_line: line,
    annotation_level: level,
    title: title.slice(0, 255),
    message,
  };
}

function cut(summary: string): string {
  const bytes = Buffer.from(summary);
  if (bytes.length <= LONGEST_SUMMARY_BYTES) return summary;
  // A character that was cut in two becomes U+FFFD.
  return `${trimEndOf(bytes.subarray(0, LONGEST_SUMMARY_BYTES - 8).toString(), '\ufffd')}\n…`;
}
