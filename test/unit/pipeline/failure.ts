import { expect } from 'chai';

/** The error of this kind that a promise is rejected with. */
export async function failure<T extends Error>(
  promise: Promise<unknown>,
  kind: abstract new (...args: never[]) => T,
): Promise<T> {
  const error = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).to.be.instanceOf(kind);
  return error as T;
}
