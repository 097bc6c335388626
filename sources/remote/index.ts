export { repositoryCache } from './cache.js';
export { removeOpensOf } from './opens.js';
export { RemoteError, type RemoteReason } from './errors.js';
export type {
  CacheLog,
  OpenRequest,
  RemoteLimits,
  RemotePace,
  RemoteSource,
  RepositoryCache,
  RepositoryCacheOptions,
} from './types.js';
