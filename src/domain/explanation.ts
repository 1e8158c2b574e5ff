import type { ActorKind, AuditAction } from './audit.js';
import type { Client } from './client.js';
import type { RefusalReason } from './inactive.js';
import type { Scope } from './scope.js';
import type { RevokedBy } from './token-record.js';
import type { Inspection, RealmFilter } from './token.service.js';

/** The answers that a resource server may get about a token. */
export type Dialect = 'axway' | 'forgerock' | 'rfc7662';

/** What a person asks about a token. */
export interface Question {
  /** The token's value, or the SHA-256 of it in base64url. */
  readonly about: { readonly token: string } | { readonly id: string };
  /** Path of the person's realm: only tokens of that realm and those below are explained; `/` for all. */
  readonly within: string;
  /** Path of the realm that the resource server's request names; undefined for none. */
  readonly realm?: string;
  /** The client that introspects the token (RFC 7662); one that may see the token when left out. */
  readonly caller?: { readonly realm: string; readonly clientId: string };
}

/** What the server thinks of a token, and why. */
export interface Explanation {
  /** What a resource server with the request of the question is told. */
  readonly verdict: 'active' | 'inactive';
  /** Why it is inactive; undefined for an active token. */
  readonly reason?: RefusalReason;
  /** When the token itself became inactive, in milliseconds since 1970; undefined where it is not, or not known. */
  readonly since?: number;
  /** Who made the token inactive; undefined where nobody did, or where that is not known. */
  readonly by?: Doer;
  /** Reason and state in plain English, for a person. */
  readonly sentences: readonly string[];
  /** What to do; undefined for an active token. */
  readonly hint?: string;
  /** SHA-256 of the token in base64url; undefined for a value that is no token of ours, which may be a password. */
  readonly id?: string;
  /** The token as it is stored; undefined where there is none. */
  readonly token?: ExplainedToken;
  /**
   * Whether this node, which may have cached the token and its subjects, says the same as the database; undefined for
   * a token that is never cached, and for a process without a cache.
   */
  readonly nodeAgrees?: boolean;
  /** What each dialect answers now. */
  readonly answers: DialectAnswers;
}

/** Who made a token inactive. */
export interface Doer {
  /** How a revocation was recorded, or the kind of actor of an audit event. */
  readonly kind: RevokedBy | ActorKind;
  /** The client, or the actor's name. */
  readonly name?: string;
  /** What the actor did. */
  readonly action?: AuditAction;
}

/** A token in words that hold no secret. Times are milliseconds since 1970. */
export interface ExplainedToken {
  /** The value's first 8 characters; undefined where the value is not known, or is of a foreign form. */
  readonly start?: string;
  readonly kind: 'access' | 'refresh';
  readonly realm: string;
  readonly clientId: string;
  readonly username?: string;
  readonly scope: Scope;
  /** Undefined for a refresh token. */
  readonly grantType?: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** When a refresh token was first used. */
  readonly usedAt?: number;
  /** UUID of the family of refresh tokens that it belongs to. */
  readonly family?: string;
  readonly epochs: {
    readonly realm: EpochThenAndNow;
    readonly client: EpochThenAndNow;
    /** Undefined where the client acts for itself. */
    readonly user?: EpochThenAndNow;
  };
}

/** A subject's epoch when the token was issued, and now; the latter is undefined for a subject that is gone. */
export interface EpochThenAndNow {
  readonly then: number;
  readonly now?: number;
}

export type DialectAnswers = Readonly<Record<Dialect, DialectAnswer>>;

/** An answer without the token's value. */
export interface DialectAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed JSON. */
  readonly body: unknown;
  /** Why it is not about an active token. */
  readonly reason?: RefusalReason;
}

/** A realm that a request names, whether or not it exists. */
export interface NamedRealm {
  readonly path: string;
  readonly exists: boolean;
}

/** The request whose answer is wanted. */
export interface PresentedToken {
  /** Stands for the token's value: its first 8 characters and `…`, or `…` alone. */
  readonly masked: string;
  /** Undefined where it names none. */
  readonly realm?: NamedRealm;
  /** The client that introspects; undefined for one that may see the token. */
  readonly caller?: {
    readonly realm: NamedRealm;
    /** Undefined where it cannot be authenticated. */
    readonly client?: Client;
  };
}

/** Answers as every dialect does, without a request. */
export abstract class DialectPresenters {
  /** @param inspect what the inspection of the token gives for the realms that a dialect serves */
  abstract answers(inspect: (inRealms: RealmFilter) => Inspection, presented: PresentedToken): DialectAnswers;
}
