import type { AuditedSubject, SubjectKind } from '../domain/audit.js';
import type { Clock } from '../domain/clock.js';
import { type DirectoryChange, type DirectoryWriter, UsernameCollision } from '../domain/directory-writer.js';
import { ConflictingChanges } from '../domain/oauth-error.js';
import type { PasswordForms } from '../domain/password-forms.js';
import { rootRealm } from '../domain/realm.js';
import type { PasswordHasher } from '../domain/secret.js';
import {
  type SubjectRecord,
  type SubjectRecords,
  type SubjectTypes,
  versionOf,
} from '../domain/subject-records.js';
import { type Administrator, refuseReach } from './administrator.js';
import { ChangeRefused } from './change-refused.js';
import { CredentialPlanner } from './credentials.js';
import { generateMissingSecret } from './generated-secret.js';
import { patchMembers } from './member-patch.js';
import { MemberProblems } from './member-problems.js';
import { type EntryTypes, readCredential, readMembers } from './member-reader.js';
import { type Members, toMembers } from '../domain/members.js';
import { endOfTokens, nameOf, planStep, removalOf } from './subject-changes.js';
import { type Step, SubjectPlanner } from './subject-planner.js';

/** A subject as it is stored after a change. */
export interface Registered<Kind extends SubjectKind> {
  readonly record: SubjectRecord<Kind>;
  /** The client secret that was generated for it; it is shown once, and not kept. */
  readonly secret?: string;
}

/** How a subject is removed. */
export interface Removal {
  /** The version to remove; undefined for any. */
  readonly expected?: string;
  /** Whether a realm's clients and users are removed with it; otherwise a realm that has some is not removed. */
  readonly recursive?: boolean;
}

/** The most attempts at a change; another one is needed when somebody else changed the same subject meanwhile. */
const maxAttempts = 5;

/**
 * Adds, changes and removes one realm, client or user at a time, with the checks, epochs, notices and audit events of a
 * configuration file. Every method throws ChangeRefused with nothing changed, StoreUnavailable when the store cannot do its
 * work, and ConflictingChanges when somebody else changed the subject during each of `maxAttempts` attempts.
 */
export class Registrar {
  constructor(
    private readonly records: SubjectRecords,
    private readonly writer: DirectoryWriter,
    private readonly hasher: PasswordHasher,
    private readonly forms: PasswordForms,
    private readonly clock: Clock,
  ) {}

  /**
   * Adds a subject. A confidential client without `client_secret` and `client_secret_hash` gets a generated secret.
   * @param realm path of the realm of a client or user
   * @param members by their names in `symbolon.yaml`; mappings are Maps
   */
  async create<Kind extends SubjectKind>(
    kind: Kind,
    realm: string,
    members: Members,
    by: Administrator,
  ): Promise<Registered<Kind>> {
    const entry = readMembers(kind, members, this.forms);
    const secret = generateMissingSecret(entry, undefined);
    const name = nameOf(kind, realm, entry);
    refuseReach(name, entry, undefined, by);
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      if (await this.records.find(kind, name)) throw new ChangeRefused('exists');
      if (kind !== 'realm' && !(await this.records.find('realm', { realm }))) {
        throw new ChangeRefused('no_realm');
      }
      const step = await this.plan(kind, realm, entry, undefined);
      if (!step || (await this.write(step, by))) return { record: await this.find(kind, name), secret };
    }
    throw manyChanges();
  }

  /**
   * Applies a merge patch (RFC 7396) to a subject. A client that turns confidential gets a generated secret; no password or
   * secret can be changed here.
   * @param expected the version that the patch was made for; undefined for any
   */
  async patch<Kind extends SubjectKind>(
    kind: Kind,
    name: AuditedSubject,
    patch: Members,
    expected: string | undefined,
    by: Administrator,
  ): Promise<Registered<Kind>> {
    let secret: string | undefined;
    await this.change(kind, name, expected, by, (subject) => {
      const entry = readMembers(kind, patchMembers(kind, toMembers(kind, subject), patch), this.forms);
      secret = generateMissingSecret(entry, subject);
      refuseReach(name, entry, subject, by);
      return this.plan(kind, name.realm, entry, subject);
    });
    return { record: await this.find(kind, name), secret };
  }

  /** Removes a subject; its tokens end. Realms below a realm stay. */
  async remove(
    kind: SubjectKind,
    name: AuditedSubject,
    { expected, recursive = false }: Removal,
    by: Administrator,
  ): Promise<void> {
    if (kind === 'realm' && name.realm === rootRealm) throw new ChangeRefused('root_realm');
    await this.change(kind, name, expected, by, async (subject) => {
      if (kind === 'realm' && !recursive && (await this.isInhabited(name.realm))) {
        throw new ChangeRefused('not_empty');
      }
      return removalOf(kind, subject, !recursive);
    });
  }

  /** Ends all tokens of a subject, which stays as it is. */
  async revoke<Kind extends SubjectKind>(
    kind: Kind,
    name: AuditedSubject,
    expected: string | undefined,
    by: Administrator,
  ): Promise<SubjectRecord<Kind>> {
    await this.change(kind, name, expected, by, async (subject) => endOfTokens(kind, subject));
    return this.find(kind, name);
  }

  /**
   * Gives a user another password; the user's tokens end. The stored password again changes nothing.
   * @param credential one of `password` and `password_hash`
   */
  async setPassword(
    name: AuditedSubject,
    credential: Members,
    expected: string | undefined,
    by: Administrator,
  ): Promise<SubjectRecord<'user'>> {
    await this.change('user', name, expected, by, (subject) => {
      const entry = readCredential(toMembers('user', subject), credential, this.forms);
      return this.plan('user', name.realm, entry, subject);
    });
    return this.find('user', name);
  }

  /** Makes the change that `plan` returns for what is stored, unless that is another version than the expected one. */
  private async change<Kind extends SubjectKind>(
    kind: Kind,
    name: AuditedSubject,
    expected: string | undefined,
    by: Administrator,
    plan: (subject: SubjectTypes[Kind]) => Promise<Step>,
  ): Promise<void> {
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const record = await this.find(kind, name);
      if (expected !== undefined && versionOf(record) !== expected) {
        throw new ChangeRefused('stale', { current: record });
      }
      const step = await plan(record.subject);
      if (!step || (await this.write(step, by))) return;
    }
    throw manyChanges();
  }

  private async plan<Kind extends SubjectKind>(
    kind: Kind,
    realm: string,
    entry: EntryTypes[Kind],
    stored: SubjectTypes[Kind] | undefined,
  ): Promise<Step> {
    const problems = new MemberProblems();
    const planner = new SubjectPlanner(new CredentialPlanner(this.hasher, this.forms), problems);
    const step = await planStep(kind, planner, realm, entry, stored);
    problems.throwIfAny();
    return step;
  }

  private async write(step: DirectoryChange, { actor }: Administrator): Promise<boolean> {
    try {
      return await this.writer.write(step, { actor, at: this.clock.now() });
    } catch (error) {
      if (error instanceof UsernameCollision) throw folded(step);
      throw error;
    }
  }

  private async find<Kind extends SubjectKind>(
    kind: Kind,
    name: AuditedSubject,
  ): Promise<SubjectRecord<Kind>> {
    const record = await this.records.find(kind, name);
    if (!record) throw new ChangeRefused('missing');
    return record;
  }

  private async isInhabited(realm: string): Promise<boolean> {
    const one = { realm, limit: 1 };
    const clients = await this.records.list('client', one);
    if (clients.records.length > 0) return true;
    return (await this.records.list('user', one)).records.length > 0;
  }
}

/** A user name, folded, is that of another user of the realm. */
function folded(step: DirectoryChange): ChangeRefused {
  const problem =
    'realm' in step
      ? { pointer: '/usernames', reason: 'cannot be fold: two user names are one where they are folded' }
      : { pointer: '/username', reason: 'is that of another user where user names are folded' };
  return new ChangeRefused('members', { problems: [problem] });
}

function manyChanges(): ConflictingChanges {
  return new ConflictingChanges(new Error(`The subject changed during each of ${maxAttempts} attempts.`));
}
