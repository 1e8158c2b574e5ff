import { type AdminToken, AdminTokenIssuer, type AdminTokenRequest } from '../domain/admin-token.js';
import { type AuditEvent, AuditLog, type AuditQuery } from '../domain/audit.js';
import { rootRealm } from '../domain/realm.js';
import { cliActor } from './actor.js';
import { commandConfig, inApplication, inDatabase, refuseMemory, sayWhichDatabase } from './application.js';

/**
 * Issues an admin token in the database that the environment names.
 * @throws CommandError
 */
export function issueAdminToken(request: Omit<AdminTokenRequest, 'actor'>): Promise<AdminToken> {
  const config = commandConfig();
  refuseMemory(config, 'issued');
  return inApplication(config, (context) => {
    sayWhichDatabase(config);
    return context.get(AdminTokenIssuer).issue({ ...request, actor: cliActor() });
  });
}

/**
 * The events in the database that the environment names, newest first.
 * @throws CommandError
 */
export function listAuditEvents(query: Omit<AuditQuery, 'within' | 'before'>): Promise<AuditEvent[]> {
  const config = commandConfig();
  return inDatabase(config, (context) => {
    sayWhichDatabase(config);
    return context.get(AuditLog).list({ ...query, within: rootRealm });
  });
}
