export { DIAGNOSTIC_CODES, type DiagnosticCode } from './codes.js';
export { ConfigError, hasErrors, throwOnErrors, type Diagnostic } from './diagnostic.js';
export { ServiceError, WorkError } from './errors.js';
export type { Config, Image } from './generated/config.js';
export type { KanikoManifest } from './generated/kaniko-manifest.js';
export type { Settings } from './generated/settings.js';
export type { KanikoPod } from './kaniko-pod.js';
