/** In a worker: the server could not get a token for git. It knows why. */
export class TokenError extends Error {
  override readonly name = 'TokenError';

  constructor() {
    super('the server has no token for git');
  }
}
