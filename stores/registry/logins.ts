/** What opens a registry. */
export type Login =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** A refresh token of OAuth 2, which the token server takes instead of a password. */
  | { readonly kind: 'identity token'; readonly token: string }
  /** A token that goes with each request as it is. */
  | { readonly kind: 'registry token'; readonly token: string };

/**
 * The login for a registry's host, as in front of an image (`docker.io`, `ghcr.io`, `registry.example:5000`).
 *
 * @returns undefined if the host has no login
 * @throws LoginError
 */
export type Logins = (host: string) => Promise<Login | undefined>;

/** There should be a login, and it cannot be read. */
export class LoginError extends Error {
  override readonly name = 'LoginError';
}
