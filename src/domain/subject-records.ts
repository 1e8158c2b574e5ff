import { createHash } from 'node:crypto';
import type { AuditedSubject, SubjectKind } from './audit.js';
import { canonicalJson } from './canonical-json.js';
import type { Client } from './client.js';
import type { Realm } from './realm.js';
import type { ResourceOwner } from './resource-owner.js';
import { isGeneratedSecretHash } from './secret.js';

/** The types of the kinds of subject. */
export interface SubjectTypes {
  readonly realm: Realm;
  readonly client: Client;
  readonly user: ResourceOwner;
}

/** A subject as it is stored, for people who look after it. */
export interface SubjectRecord<Kind extends SubjectKind = SubjectKind> {
  readonly subject: SubjectTypes[Kind];
  /** Milliseconds since 1970; undefined where it happened before this was recorded. */
  readonly createdAt?: number;
  /** Of its last change by a person: a hash that a sign-in replaces is none. Otherwise as `createdAt`. */
  readonly updatedAt?: number;
}

/**
 * Which subjects of a kind are wanted, in the order of their names, which is that of their UTF-8 bytes. All texts are
 * well-formed, without NUL.
 */
export interface SubjectQuery {
  /** Clients and users of this realm alone; of realms this one and those below it. */
  readonly realm: string;
  /** How their names begin, case-sensitive. */
  readonly prefix?: string;
  readonly enabled?: boolean;
  /** Clients that may use this grant type. */
  readonly grantType?: string;
  readonly descending?: boolean;
  /** Names that follow this one, in the wanted order. */
  readonly after?: string;
  /** How many at most. */
  readonly limit: number;
}

/** A part of a list. It may be shorter than was wanted although others follow: a reader has looked at enough rows then. */
export interface SubjectPart<Kind extends SubjectKind> {
  readonly records: readonly SubjectRecord<Kind>[];
  /** The last name that was looked at, where others may follow it. */
  readonly last?: string;
}

/** A subject that was found by a search. */
export interface FoundSubject extends AuditedSubject {
  readonly kind: SubjectKind;
  /** The client's display name. */
  readonly title?: string;
  readonly enabled: boolean;
}

/**
 * Realms, clients and users as they are stored, for people who look after them. It bypasses every cache. Every method throws
 * StoreUnavailable when it cannot do its work.
 */
export abstract class SubjectRecords {
  /** Undefined where there is no such subject. */
  abstract find<Kind extends SubjectKind>(
    kind: Kind,
    name: AuditedSubject,
  ): Promise<SubjectRecord<Kind> | undefined>;
  abstract list<Kind extends SubjectKind>(kind: Kind, query: SubjectQuery): Promise<SubjectPart<Kind>>;
  /**
   * Finds realms by the beginnings of their paths or last names, clients by those of their identifiers or display names, and
   * users by those of their names, case-sensitive; clients and users of every realm. Realms come first, users last; of each
   * kind the first ones in the order of the names by which they are found, which is that of their UTF-8 bytes. Clients that
   * are found by their identifiers come before the others.
   * @param text well-formed, without NUL
   * @param within only what lies in this realm and those below it
   * @param limit how many of each kind at most
   */
  abstract search(text: string, within: string, limit: number): Promise<FoundSubject[]>;
}

/**
 * The version of a record: it is another one after each change by a person, but not after a sign-in has replaced the hash of
 * a password, or a purge has removed a client secret that had ended. 22 base64url characters.
 */
export function versionOf({ subject, updatedAt }: SubjectRecord): string {
  // A person who changes the previous secret changes `updatedAt`, too.
  const content = canonicalJson([{ ...withoutSlowHashes(subject), previousSecret: undefined }, updatedAt]);
  return createHash('sha256').update(content).digest().subarray(0, 16).toString('base64url');
}

/** Whether two states of a subject are the same one, but for hashes that a sign-in may have replaced. */
export function isSameState(one: object | undefined, other: object | undefined): boolean {
  return canonicalJson(one && withoutSlowHashes(one)) === canonicalJson(other && withoutSlowHashes(other));
}

/** New credentials give a subject a new epoch, or are generated. */
function withoutSlowHashes(subject: object): object {
  const slow = (value: unknown) => typeof value === 'string' && !isGeneratedSecretHash(value);
  const entries = Object.entries(subject).filter(
    ([name, value]) => name !== 'importedHash' && !(/hash$/i.test(name) && slow(value)),
  );
  return Object.fromEntries(entries);
}
