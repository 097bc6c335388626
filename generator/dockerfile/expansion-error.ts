/** A text whose variables can't be expanded. */
export class ExpansionError extends Error {
  override readonly name = 'ExpansionError';

  /**
   * @param message - a clause
   * @param variable - the variable that has no value although the text demands one
   */
  constructor(
    message: string,
    readonly variable?: string,
  ) {
    super(message);
  }
}
