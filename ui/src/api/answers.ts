// What the routes below /admin/v1 answer: docs/admin-api.md. Times are ISO 8601, durations in milliseconds.

export const windows = ['10m', '1h', '10h', '5d', '90d'] as const;
export type Window = (typeof windows)[number];

/** The messages of a group or of a period. */
export interface Counts {
  readonly messages: number;
  readonly successes: number;
  readonly failures: number;
  readonly exceptions: number;
  /** Null where there was no message, as the other two. */
  readonly time_min: number | null;
  readonly time_avg: number | null;
  readonly time_max: number | null;
}

/** What a group of messages has in common: the members that were asked for. */
export interface Names {
  readonly service?: string;
  readonly method?: string;
  readonly client?: string;
  readonly realm?: string;
}

export type Group = Names & Counts;

interface Period {
  readonly window: Window;
  readonly from: string;
  readonly to: string;
  /** Milliseconds. */
  readonly resolution: number;
}

export interface Traffic extends Period {
  readonly items: readonly Group[];
  readonly total: Counts;
}

export type Point = Counts & { readonly at: string };

export interface Series extends Period {
  readonly items: readonly (Names & { readonly points: readonly Point[] })[];
}

/** A part of a list. */
export interface ListPage<Item> {
  readonly items: readonly Item[];
  /** The cursor of the part behind it, if there is one. */
  readonly next?: string;
}

export interface Refusal {
  readonly id: string;
  readonly at: string;
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly realm?: string;
  readonly client?: string;
  readonly reason?: string;
  readonly error?: string;
  readonly detail?: string;
  readonly token_id?: string;
}

/** What the server thinks of a token now. */
export interface Explanation {
  readonly verdict: 'active' | 'inactive';
  readonly reason?: string;
  readonly since?: string;
  /** Who made it inactive. */
  readonly by?: { readonly kind: string; readonly name?: string };
  readonly sentences: readonly string[];
  readonly hint?: string;
  /** SHA-256 of the token. */
  readonly id?: string;
  readonly token?: ExplainedToken;
  /** Whether the cache of the node that answers says the same as the database. */
  readonly node_agrees?: boolean;
  /** What each flavour answers. */
  readonly answers: Readonly<Record<string, { readonly status: number; readonly body: unknown }>>;
}

/** What is known of a token. */
export interface ExplainedToken {
  readonly kind: 'access' | 'refresh';
  readonly realm: string;
  readonly client_id: string;
  readonly username?: string;
  readonly scope: readonly string[];
  readonly grant_type?: string;
  readonly issued_at: string;
  readonly expires_at: string;
  readonly family?: string;
}

/** An access token of a user, without its value. */
export interface UserToken {
  readonly id: string;
  readonly client_id: string;
  readonly scope: readonly string[];
  readonly grant_type: string;
  readonly issued_at: string;
  readonly expires_at: string;
  /** `active`, or why it is not. */
  readonly state: string;
}

export interface ExplainedRefusal extends Refusal {
  readonly sentences: readonly string[];
  readonly hint?: string;
  readonly token?: Explanation;
}

export interface AuditEvent {
  readonly id: string;
  readonly at: string;
  readonly actor_kind: string;
  readonly actor: string;
  readonly action: string;
  readonly realm?: string;
  readonly name?: string;
  readonly changes: Readonly<Record<string, unknown>>;
  readonly epoch?: number;
  readonly token_id?: string;
  readonly correlation_id?: string;
  readonly address?: string;
}

export interface Node {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly version: string;
  readonly started: string;
  readonly seen: string;
  /** Whether it receives the changes of the other nodes. */
  readonly hears: boolean;
  readonly cache_hits: number;
  readonly cache_misses: number;
  /** Bytes. */
  readonly rss: number;
  readonly cpu: number;
}

/** A realm, client or user that a search has found. */
export interface FoundSubject {
  readonly kind: 'realm' | 'client' | 'user';
  readonly realm: string;
  /** The client's identifier or the user's name. */
  readonly name?: string;
  /** The client's display name. */
  readonly title?: string;
  readonly enabled: boolean;
}

/** One thing that the doctor looks at. */
export interface Check {
  readonly name: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly found: string;
  /** What to do; undefined where nothing is to be done. */
  readonly advice?: string;
}

export interface Examination {
  readonly status: Check['status'];
  readonly at: string;
  readonly checks: readonly Check[];
}

/** A key that tags tokens, without its secret. */
export interface TokenKey {
  readonly id: string;
  readonly state: string;
  readonly published_at?: string;
  readonly signs_from?: string;
  readonly kept_until?: string;
}

/** A secret of a client: what is known of it, never itself. */
export interface ClientSecret {
  readonly id: 'current' | 'previous';
  readonly state: string;
  readonly created_at?: string;
  readonly last_used_at?: string;
  readonly until?: string;
}

export interface ImportedTokens {
  /** Whether one may be active. */
  readonly active: boolean;
  readonly until?: string;
}

/** Who the holder of a token is. */
export interface Caller {
  readonly realm: string;
  readonly client_id: string;
  /** The most that it may do. */
  readonly access: 'read' | 'write';
}
