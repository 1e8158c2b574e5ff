import type { MigrationInterface } from 'typeorm';
import { Initial1763000000001 } from './0001-initial.js';
import { TokenLife1763000000002 } from './0002-token-life.js';
import { Purge1763000000003 } from './0003-purge.js';
import { LongestLifetime1763000000004 } from './0004-longest-lifetime.js';
import { Operations1763000000005 } from './0005-operations.js';
import { Names1763000000006 } from './0006-names.js';
import { Compatibility1763000000007 } from './0007-compatibility.js';
import { ForeignHashes1763000000008 } from './0008-foreign-hashes.js';
import { LoginAttempts1763000000009 } from './0009-login-attempts.js';
import { SignIn1763000000010 } from './0010-sign-in.js';
import { ForeignHashIndexes1763000000011 } from './0011-foreign-hash-indexes.js';
import { TimesOfSubjects1763000000012 } from './0012-times-of-subjects.js';
import { ListsAndSearch1763000000013 } from './0013-lists-and-search.js';
import { ClientSecrets1763000000014 } from './0014-client-secrets.js';
import { PreviousSecrets1763000000015 } from './0015-previous-secrets.js';

/** A change of the schema. */
export interface MigrationClass {
  new (): MigrationInterface;
  /** Its class has a name, which is what the database records. */
  readonly name: string;
  /** Whether a program of the version before can serve while, and after, it is applied: rolling upgrades need that. */
  readonly compatible: boolean;
  /**
   * Whether it runs outside a transaction, where each connection is a session of its own. It does nothing but create
   * indexes by `createIndex`, so that reads and writes go on, and that it can be applied again after half of it.
   */
  readonly concurrent?: boolean;
}

/** Every migration, in the order they are applied. */
export const migrations: MigrationClass[] = [
  Initial1763000000001,
  TokenLife1763000000002,
  Purge1763000000003,
  LongestLifetime1763000000004,
  Operations1763000000005,
  Names1763000000006,
  Compatibility1763000000007,
  ForeignHashes1763000000008,
  LoginAttempts1763000000009,
  SignIn1763000000010,
  ForeignHashIndexes1763000000011,
  TimesOfSubjects1763000000012,
  ListsAndSearch1763000000013,
  ClientSecrets1763000000014,
  PreviousSecrets1763000000015,
];

/**
 * How many of these, the first ones, may keep others from reading or writing large tables while they are applied. Later
 * ones must not: test/storage/migration-locks.spec.ts applies each of them.
 */
export const mayLockForLong = 7;
