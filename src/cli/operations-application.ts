import { type AdminToken, AdminTokenIssuer, type AdminTokenRequest } from '../domain/admin-token.js';
import { type AuditEvent, AuditLog, type AuditQuery } from '../domain/audit.js';
import { Clock } from '../domain/clock.js';
import { type ListedKey, listKeys } from '../domain/listed-key.js';
import { rootRealm } from '../domain/realm.js';
import { TokenKeyStore } from '../domain/token-key.js';
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

/**
 * The keys that tag tokens in the database that the environment names, newest first.
 * @throws CommandError
 */
export function listTokenKeys(): Promise<ListedKey[]> {
  const config = commandConfig();
  return inDatabase(config, async (context) => {
    sayWhichDatabase(config);
    const now = context.get(Clock).now();
    return listKeys(await context.get(TokenKeyStore).read(now), now);
  });
}
