import { asRecord, recordOf } from '../../common/json.js';

/** What an App or one of its installations may do, and is told. */
export interface Grants {
  /** By GitHub's key of a permission: `read`, `write` or `admin`. */
  readonly permissions: Readonly<Record<string, string>>;
  /** GitHub's keys of events. */
  readonly events: readonly string[];
}

/** A GitHub App, as its owner has set it up. */
export interface AppFacts extends Grants {
  readonly name: string;
  /** In addresses; undefined where GitHub doesn't say. */
  readonly slug: string | undefined;
  /** Its public page; empty where GitHub doesn't say. */
  readonly page: string;
  /** The account that it belongs to; undefined for an enterprise. */
  readonly owner: { readonly login: string; readonly isOrganization: boolean } | undefined;
}

/** What an account has accepted that installed the App. */
export interface InstallationFacts extends Grants {
  readonly id: number;
  /** Login of the account. */
  readonly account: string;
  /** Where the account's owner manages it. */
  readonly page: string;
  /** As GitHub writes it: `2026-01-05T09:00:00Z`; undefined while it is in use. */
  readonly suspendedAt: string | undefined;
  readonly suspendedBy: string | undefined;
}

/** The webhook of an App. */
export interface HookFacts {
  /** Empty if it has none. */
  readonly url: string;
  /** `json` or `form`. */
  readonly contentType: string;
  /** Certificates aren't checked. */
  readonly isInsecure: boolean;
  readonly hasSecret: boolean;
}

/** A request in which GitHub sent an event. */
export interface DeliveryFacts {
  /** As GitHub writes it. */
  readonly at: string;
  readonly event: string;
  /** HTTP status of the answer; 0 if there was none. */
  readonly code: number;
  /** The outcome in GitHub's words: `OK`, `timed out`. */
  readonly status: string;
}

/** The account of a token, and what the token may do. */
export interface TokenFacts {
  readonly login: string;
  /** Of a classic token; GitHub doesn't say for fine-grained ones. */
  readonly scopes: readonly string[] | undefined;
}

/** What a token's account may do in a repository. */
export interface RepositoryFacts {
  readonly isPrivate: boolean;
  readonly canWrite: boolean;
}

/** @param data - the answer of `GET /app` */
export function appFacts(data: unknown): AppFacts {
  const { name, slug, html_url: page, owner, ...grants } = recordOf(data);
  const { login, type } = recordOf(owner);
  return {
    ...grantsOf(grants),
    name: textOf(name),
    slug: textOf(slug) || undefined,
    page: addressOf(page),
    owner:
      textOf(login) === '' ? undefined : { login: textOf(login), isOrganization: type === 'Organization' },
  };
}

/** @param data - the answer of `GET /repos/{owner}/{repo}/installation` */
export function installationFacts(data: unknown): InstallationFacts {
  const { id, account, html_url: page, suspended_at: at, suspended_by: by, ...grants } = recordOf(data);
  const { login, slug } = recordOf(account);
  return {
    ...grantsOf(grants),
    id: Number(id),
    account: textOf(login) || textOf(slug),
    page: addressOf(page),
    suspendedAt: textOf(at) || undefined,
    suspendedBy: textOf(recordOf(by).login) || undefined,
  };
}

/** @param data - the answer of `GET /app/hook/config` */
export function hookFacts(data: unknown): HookFacts {
  const { url, content_type: contentType, insecure_ssl: insecure, secret } = recordOf(data);
  return {
    url: addressOf(url),
    contentType: textOf(contentType),
    // GitHub writes it as a text or a number.
    isInsecure: String(insecure) === '1',
    hasSecret: textOf(secret) !== '',
  };
}

/** @param data - the answer of `GET /app/hook/deliveries`, the latest first */
export function deliveryFacts(data: unknown): DeliveryFacts[] {
  return (Array.isArray(data) ? (data as unknown[]) : []).flatMap((each) => {
    const { delivered_at: at, event, status_code: code, status } = asRecord(each) ?? {};
    if (typeof at !== 'string') return [];
    return [{ at, event: textOf(event), code: typeof code === 'number' ? code : 0, status: textOf(status) }];
  });
}

/** @param data - the answer of `GET /repos/{owner}/{repo}` to a token */
export function repositoryFacts(data: unknown): RepositoryFacts {
  const { private: isPrivate, permissions } = recordOf(data);
  return { isPrivate: isPrivate === true, canWrite: recordOf(permissions).push === true };
}

function grantsOf({ permissions, events }: Readonly<Record<string, unknown>>): Grants {
  const levels = Object.entries(recordOf(permissions)).map(([name, level]) => [name, textOf(level)]);
  return {
    permissions: Object.fromEntries(levels) as Record<string, string>,
    events: (Array.isArray(events) ? (events as unknown[]) : []).map(textOf),
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** An address that a browser opens. */
function addressOf(value: unknown): string {
  const text = textOf(value);
  return /^https?:\/\//.test(text) && URL.canParse(text) ? text : '';
}
