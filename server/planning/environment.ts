/** What a worker is given of the server's environment: where things are, how to get out, whom to trust. */
const KEPT = new Set([
  'PATH',
  'HOME',
  'TMPDIR',
  'TZ',
  'LANG',
  'NODE_ENV',
  'NODE_OPTIONS',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'GIT_SSL_CAINFO',
  'GIT_SSL_CAPATH',
  'GIT_EXEC_PATH',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_NOSYSTEM',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
]);
/** The part of a worker's memory that git may ask for in one piece: of an object, only its packed size is known before. */
const GIT_PART = 4;

/** The environment of a worker, without anything that may be secret. */
export function workerEnvironment(env: NodeJS.ProcessEnv, memory: number): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => KEPT.has(name));
  return {
    ...(Object.fromEntries(kept) as NodeJS.ProcessEnv),
    GIT_ALLOC_LIMIT: String(Math.floor(memory / GIT_PART)),
  };
}
