import { unlessAborted } from '../../common/unless-aborted.js';
import type { Plan } from '../../generator/plan/plan-types.js';
import type { ContextStore, ImageRegistries } from '../../generator/ports.js';
import type { Settings } from '../../schema/index.js';
import { repositoryCache } from '../../sources/remote/index.js';
import type { CacheLog, RemoteLimits, RemoteSource } from '../../sources/remote/types.js';
import { serverRegistries } from '../../stores/registry/from-settings.js';
import type { GitAccess, Repository } from '../ports.js';
import { openStore, readOutput } from './object-store.js';

/** The services that planning uses. */
export interface PlanningPorts {
  /** The files of a commit, to be disposed of. */
  readonly openCommit: (
    repository: Repository,
    commit: string,
    signal: AbortSignal,
    /** Of the repository; default: the server's. */
    limits?: Settings['limits'],
  ) => Promise<RemoteSource>;
  readonly openStore: (settings: Settings, plan: Plan, signal: AbortSignal) => Promise<ContextStore>;
  /** What a step left in the object store; undefined if it isn't there. */
  readonly readOutput: (
    settings: Settings,
    plan: Plan,
    objectKey: string,
    signal: AbortSignal,
  ) => Promise<string | undefined>;
  /** Where images are looked up, for one plan. */
  readonly openRegistries: (settings: Settings, signal: AbortSignal) => ImageRegistries;
}

/** As the settings say. Nothing is sent yet. */
export function planningPorts({ server, limits }: Settings, git: GitAccess, log: CacheLog): PlanningPorts {
  const cache = repositoryCache({
    folder: server.cache.folder,
    maxBytes: server.cache.bytes,
    limits: remoteLimits(limits),
    log,
  });
  return {
    openCommit: (repository, commit, signal, own = limits) =>
      cache.open({
        key: String(repository.id),
        url: git.url(repository),
        token: () => unlessAborted(signal, git.token(repository)),
        commit,
        signal,
        limits: remoteLimits(own),
      }),
    openStore,
    readOutput,
    openRegistries: (own, signal) => serverRegistries(own, { signal, env: process.env }),
  };
}

function remoteLimits({ repository_files: files, context_bytes: bytes }: Settings['limits']): RemoteLimits {
  return { files, bytes: bytes * 2 };
}
