/** A service outside (object store, cluster, registry, git host) did not answer or refused: exit code 3 of the CLI. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';

  constructor(
    /** What it is for people: "Object store", "Kubernetes API". */
    readonly service: string,
    /** Its address, as it was tried. */
    readonly address: string,
    /** What happened, in one sentence without the service and address. */
    readonly problem: string,
    /** What the reader can do next. */
    readonly nextStep: string,
    options?: ErrorOptions,
  ) {
    super(`${service} at ${address}: ${problem}`, options);
  }
}

/** The work was understood and could not be done, for a reason on this side: exit code 1 of the CLI. */
export class WorkError extends Error {
  override readonly name = 'WorkError';

  constructor(
    message: string,
    /** What the reader can do next. */
    readonly nextStep?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
