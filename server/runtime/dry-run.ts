import type { ClusterClient } from '../../argo/client/client.js';
import { workflowUrl } from '../../argo/workflows/runner.js';
import type { ContextStore } from '../../generator/ports.js';
import type { Workflow } from '../../generator/workflow/types.js';
import { isHandled } from '../commands/authorise.js';
import type { ServerContext } from '../context.js';
import { explainHere } from '../planning/log-reader.js';
import { planHere } from '../planning/planner.js';
import { planningPorts } from '../planning/ports.js';
import type { CheckReport, Comment, GitHub, PullRequestRef, Reaction, Repository } from '../ports.js';
import type { Logger } from '../telemetry/log.js';
import { openContext, type ContextParts } from './open-context.js';

/** A write that a dry run skipped. */
export type DryRunWrite =
  | { readonly kind: 'reaction'; readonly reaction: Reaction; readonly commentId: number }
  | {
      readonly kind: 'comment';
      readonly change: 'new' | 'edited' | 'removed';
      readonly pullRequest: PullRequestRef;
      readonly body: string;
    }
  | {
      readonly kind: 'commit comment';
      readonly repository: Repository;
      readonly commit: string;
      readonly body: string;
    }
  | { readonly kind: 'check'; readonly report: CheckReport }
  | { readonly kind: 'object'; readonly key: string }
  | { readonly kind: 'workflow'; readonly workflow: Workflow }
  /** Any other change in the cluster; `what` as in `stopping the workflow x`. */
  | { readonly kind: 'cluster'; readonly what: string };

/**
 * A context that reads everything and writes nothing: `show` gets what would have been written. Comments that would have
 * been written are read back within the dry run, so that it continues as the server would.
 */
export function dryRunContext(
  parts: Omit<ContextParts, 'planner' | 'explain'>,
  show: (one: DryRunWrite) => void,
): ServerContext {
  const github = dryRunGitHub(parts.github, parts.log, show);
  const planning = planningPorts(parts.settings, parts.github.git, parts.log);
  const planner = planHere({
    ...planning,
    openStore: async (...plan) => dryRunStore(await planning.openStore(...plan), show),
  });
  const context = openContext({
    ...parts,
    github,
    planner,
    explain: explainHere,
    client: dryRunCluster(parts.client, show),
  });
  return {
    ...context,
    runner: {
      submit: (workflow) => {
        show({ kind: 'workflow', workflow });
        const { name = '', namespace = parts.settings.namespace } = workflow.metadata;
        const { url } = parts.settings.argo;
        return Promise.resolve({
          name,
          ...(url !== undefined && { url: workflowUrl(url, namespace, name) }),
        });
      },
    },
  };
}

function dryRunStore(store: ContextStore, show: (one: DryRunWrite) => void): ContextStore {
  return {
    has: (key) => store.has(key),
    describe: () => store.describe(),
    put: (key) => {
      show({ kind: 'object', key });
      return Promise.resolve();
    },
  };
}

/** Reports every write, and returns what is there instead of writing. */
function dryRunCluster(client: ClusterClient, show: (one: DryRunWrite) => void): ClusterClient {
  return {
    ...client,
    call: <T>(call: Parameters<ClusterClient['call']>[0]) => {
      if ((call.method ?? 'GET') === 'GET') return client.call<T>(call);
      show({ kind: 'cluster', what: call.what });
      return client.call<T>({ what: call.what, path: call.path, signal: call.signal });
    },
  };
}

function dryRunGitHub(github: GitHub, log: Logger, show: (one: DryRunWrite) => void): GitHub {
  /** Comments as they would be now; undefined: removed. */
  const written = new Map<number, Comment | undefined>();
  return {
    ...github,
    pullRequests: {
      read: (ref) => github.pullRequests.read(ref),
      headSince: (pullRequest) => github.pullRequests.headSince(pullRequest),
      recentlyChanged: (repository, since) => github.pullRequests.recentlyChanged(repository, since),
      recentComments: (repository, since) => github.pullRequests.recentComments(repository, since),
      comment: (repository, id) =>
        written.has(id) ? Promise.resolve(written.get(id)) : github.pullRequests.comment(repository, id),
    },
    comments: dryRunComments(github, written, show),
    commitComments: {
      list: (...where) => github.commitComments.list(...where),
      create: async (repository, commit, body) => {
        show({ kind: 'commit comment', repository, commit, body });
        const author = await github.people.me(repository);
        return { id: 0, body, author, createdAt: new Date(), edited: false, url: '' };
      },
    },
    reactions: {
      mine: async (repository, commentId) => {
        const there = await github.reactions.mine(repository, commentId);
        if (isHandled(there))
          log.info('the server has already handled this comment; this is what it would do now');
        return new Set();
      },
      add: (_repository, commentId, reaction) => {
        show({ kind: 'reaction', reaction, commentId });
        return Promise.resolve();
      },
    },
    checks: {
      report: (_repository, report) => {
        show({ kind: 'check', report });
        return Promise.resolve();
      },
      latest: (...which) => github.checks.latest(...which),
    },
  };
}

function dryRunComments(
  github: GitHub,
  /** Comments as they would be now; undefined: removed. */
  written: Map<number, Comment | undefined>,
  show: (one: DryRunWrite) => void,
): GitHub['comments'] {
  const now = (comment: Comment): Comment[] => {
    const changed = written.has(comment.id) ? written.get(comment.id) : comment;
    return changed ? [changed] : [];
  };
  return {
    list: async (ref, author) => {
      const there = await github.comments.list(ref, author);
      const made = [...written.values()].filter(
        (comment) => comment && !there.some(({ id }) => id === comment.id),
      ) as Comment[];
      return [...there.flatMap(now), ...made];
    },
    create: async (ref, body) => {
      show({ kind: 'comment', change: 'new', pullRequest: ref, body });
      const comment = {
        // Younger than every other.
        id: Number.MAX_SAFE_INTEGER - written.size,
        body,
        author: await github.people.me(ref.repository),
        createdAt: new Date(),
        edited: false,
        url: '',
      };
      written.set(comment.id, comment);
      return comment;
    },
    edit: async (ref, id, body) => {
      const before = written.has(id)
        ? written.get(id)
        : await github.pullRequests.comment(ref.repository, id);
      if (!before) return undefined;
      show({ kind: 'comment', change: 'edited', pullRequest: ref, body });
      const comment = { ...before, body, edited: true };
      written.set(id, comment);
      return comment;
    },
    remove: async (ref, id) => {
      const me = await github.people.me(ref.repository);
      const mine = await github.comments.list(ref, me.id);
      const [before] = mine.filter((each) => each.id === id).flatMap(now);
      if (before) show({ kind: 'comment', change: 'removed', pullRequest: ref, body: before.body });
      written.set(id, undefined);
    },
  };
}
