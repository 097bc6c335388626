export { DIAGNOSTIC_CODES, type DiagnosticCode } from './codes.js';
export { parseConfig, type ParseConfigOptions } from './config.js';
export { parseTriggers } from './config-triggers.js';
export { taskName } from './config-checks.js';
export { DIGEST_PATTERN, isDigest } from './digest.js';
export { ConfigError, hasErrors, throwOnErrors, type Diagnostic } from './diagnostic.js';
export { durationSeconds } from '../common/duration.js';
export { ageSeconds } from './duration.js';
export { normaliseEndpoint } from './endpoint.js';
export { ServiceError, WorkError } from './errors.js';
export { formatDiagnostics, type FormatOptions } from './format.js';
export type { Config, Image } from './generated/config.js';
export type { KanikoManifest } from './generated/kaniko-manifest.js';
export type { Settings } from './generated/settings.js';
export {
  cacheRepository,
  destinationOf,
  normaliseRepository,
  parseImageReference,
  type ImageReference,
  type ReferenceProblem,
} from './image-reference.js';
export { kanikoPod, parseKanikoManifest } from './kaniko-manifest.js';
export type { KanikoPod } from './kaniko-pod.js';
export type { Finding, Located } from './located.js';
export type { Override } from './overrides.js';
export { isNowhere, OWN_IMAGES, ownImages, type OwnImages } from './own-images.js';
export { normalisePath } from './paths.js';
export { sentence } from './sentence.js';
export { defaultSettings, parseSettings } from './settings.js';
export { sortDiagnostics } from './sort.js';
export type { ConfigPath } from './tree.js';
