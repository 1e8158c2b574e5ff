import type { AuditAction, AuditChanges } from './audit.js';
import type { Client, PreviousSecret } from './client.js';

/** The secrets of a client, as a change of them is recorded. */
export type RecordedSecrets = Pick<Client, 'secretHash' | 'previousSecret'>;

/** An action, and what is told of it. */
export interface SecretAction {
  readonly action: AuditAction;
  readonly changes: AuditChanges;
}

/**
 * What a change does to a client's secrets. `until`, in ISO 8601, is told of a secret that is accepted for a while beside
 * a new one. The end of that time is no event.
 */
export function secretActions(before: RecordedSecrets, after: RecordedSecrets): SecretAction[] {
  const [kept, keeps] = [before.previousSecret, after.previousSecret];
  const actions: SecretAction[] = [];
  const add = (action: AuditAction, changes: AuditChanges = {}) => actions.push({ action, changes });
  if (before.secretHash === after.secretHash) {
    if (kept && !keeps) add('client.secret_ended', { until: { old: isoTime(kept), new: null } });
    return actions;
  }
  if (after.secretHash !== undefined) {
    add('client.secret_added', keeps && { until: { old: null, new: isoTime(keeps) } });
  }
  if (before.secretHash !== undefined && !keeps) add('client.secret_ended');
  return actions;
}

function isoTime({ until }: PreviousSecret): string {
  return new Date(until).toISOString();
}
