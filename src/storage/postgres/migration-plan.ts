import { mayLockForLong, type MigrationClass, migrations } from '../../../migrations/index.js';

/** A migration that has not been applied. */
export interface PendingMigration {
  readonly name: string;
  /** Whether programs of the version before can serve while, and after, it is applied. */
  readonly compatible: boolean;
  /**
   * `none`: others read and write meanwhile. `brief`: it locks tables for a moment. `long`: it may keep others from reading
   * or writing a large table for long.
   */
  readonly locks: 'none' | 'brief' | 'long';
}

/** @param sessions whether each connection is a session of its own */
export function planned(migration: MigrationClass, sessions: boolean): PendingMigration {
  const { name, compatible } = migration;
  return { name, compatible, locks: locksOf(migration, sessions) };
}

function locksOf(migration: MigrationClass, sessions: boolean): PendingMigration['locks'] {
  if (migration.concurrent) return sessions ? 'none' : 'long';
  return migrations.slice(0, mayLockForLong).includes(migration) ? 'long' : 'brief';
}
