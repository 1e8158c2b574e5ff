import type { Page } from './page.js';
import type { ImportRun } from './token-import.js';

/** What kind of actor made a change: an admin token, the command line, a configuration file, the server itself, a user. */
export const actorKinds = ['token', 'cli', 'file', 'system', 'user'] as const;

export type ActorKind = (typeof actorKinds)[number];

const subjects = ['realm', 'client', 'user'] as const;

/** The kinds of subject, by the words that actions and reasons begin with. */
export type SubjectKind = (typeof subjects)[number];

/** A subject by its name; `name` is left out for a realm. */
export interface AuditedSubject {
  readonly realm: string;
  readonly name?: string;
}

const subjectChanges = ['created', 'updated', 'disabled', 'enabled', 'deleted', 'tokens_ended'] as const;

const otherActions = [
  'client.secret_added',
  'client.secret_ended',
  'user.password_changed',
  'token.revoked',
  'family.revoked',
  'family.reuse',
  'key.rotated',
  'configuration.applied',
  'tokens.imported',
  'tokens.copied',
  'admin_token.issued',
  'access.denied',
  'user.signed_in',
  'user.sign_in_refused',
  'user.signed_out',
  'consent.granted',
] as const;

/** What was done. */
export type AuditAction = `${SubjectKind}.${(typeof subjectChanges)[number]}` | (typeof otherActions)[number];

/** All actions. */
export const auditActions: readonly AuditAction[] = [
  ...subjects.flatMap((subject) => subjectChanges.map((change) => `${subject}.${change}` as const)),
  ...otherActions,
];

/**
 * What was changed, by the names that `symbolon.yaml` has for members: `{"old": …, "new": …}`, for a new subject
 * `{"new": …}`. Of attributes only that they were `changed`; secrets and passwords have actions of their own.
 */
export type AuditChanges = Readonly<Record<string, unknown>>;

/** Who makes a change, and where from. */
export interface Actor {
  readonly kind: ActorKind;
  /** Name of the file, the operating system's user, the client of the admin token, or the user; empty for the server. */
  readonly name: string;
  /** Of the request that makes the change. */
  readonly correlationId?: string;
  /** Network address that the request came from. */
  readonly address?: string;
}

/** An event as it is to be stored; the store gives it an identifier. */
export interface NewAuditEvent {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly actor: Actor;
  readonly action: AuditAction;
  /** Path of the subject's realm. */
  readonly realm?: string;
  /** The client's identifier or the user's name; undefined for a realm. */
  readonly name?: string;
  readonly changes?: AuditChanges;
  /** The subject's epoch after the change. */
  readonly epoch?: number;
  /** SHA-256 of a token in base64url, or the UUID of a family. */
  readonly tokenId?: string;
}

/** An event of the past. */
export interface AuditEvent extends NewAuditEvent {
  /** A UUID. */
  readonly id: string;
  readonly changes: AuditChanges;
}

export interface AuditQuery extends Page {
  /** Only events of this realm and those below it; `/` for all. */
  readonly within: string;
  readonly action?: string;
  readonly actor?: string;
  readonly realm?: string;
  readonly name?: string;
}

/** The most events of `changesAfter`. */
export const maxLaterChanges = 100;

/** The events of the past. Every method throws StoreUnavailable when it cannot do its work. */
export abstract class AuditLog {
  /** Adds an event on its own: one that belongs to no change, or to a change in another store. */
  abstract append(event: NewAuditEvent): Promise<void>;
  /**
   * Adds the event of a batch of an import whose store is not the audit log's: all batches of a run are one event, which
   * counts their tokens.
   * @param added how many tokens the batch has added
   */
  abstract appendImport(run: ImportRun, added: number): Promise<void>;
  /** Newest first. */
  abstract list(query: AuditQuery): Promise<AuditEvent[]>;
  /** When the oldest event was that is kept, in milliseconds since 1970; undefined when there is none. */
  abstract oldest(): Promise<number | undefined>;
  /**
   * The event that gave a subject the first epoch after this one; undefined when it is not known.
   * @param kind which kind of subject has that name
   */
  abstract firstAfter(
    kind: SubjectKind,
    subject: AuditedSubject,
    epoch: number,
  ): Promise<AuditEvent | undefined>;
  /** The newest event of a subject with one of these actions; undefined when there is none. */
  abstract latest(actions: readonly AuditAction[], subject: AuditedSubject): Promise<AuditEvent | undefined>;
  /**
   * What admin tokens and commands have done to a subject after this time, newest first. At most `maxLaterChanges`.
   * @param kind which kind of subject has that name
   */
  abstract changesAfter(kind: SubjectKind, subject: AuditedSubject, time: number): Promise<AuditEvent[]>;
}
