import type { ChangeOrigin } from '../../src/domain/audit-events.js';
import { type Actor, type AuditEvent, AuditLog, type NewAuditEvent } from '../../src/domain/audit.js';
import { importEvent, type ImportRun } from '../../src/domain/token-import.js';
import type { Revocation } from '../../src/domain/token-record.js';

/** Who makes the changes of a test. */
export const tester: Actor = { kind: 'cli', name: 'tester' };

export const byTester: ChangeOrigin = { actor: tester, at: Date.UTC(2026, 0, 1) };

/** A client's own revocation. */
export const byClient: Revocation = { at: Date.UTC(2026, 0, 1), by: 'client' };

/** Keeps appended events in memory, where a test can look at them. */
export class RecordedEvents extends AuditLog {
  readonly events: NewAuditEvent[] = [];

  async append(event: NewAuditEvent): Promise<void> {
    this.events.push(event);
  }

  async appendImport(run: ImportRun, added: number): Promise<void> {
    this.events.push(importEvent(run, added));
  }

  async list(): Promise<AuditEvent[]> {
    throw new Error('Look at events.');
  }

  async oldest(): Promise<undefined> {}

  async firstAfter(): Promise<undefined> {}

  async latest(): Promise<undefined> {}

  async changesAfter(): Promise<AuditEvent[]> {
    return [];
  }
}
