import type { EntityManager, EntityTarget } from 'typeorm';
import type { NewAuditEvent } from '../../domain/audit.js';
import {
  auditEventsOf,
  type ChangeOrigin,
  configurationEvent,
  endsTokens,
} from '../../domain/audit-events.js';
import type { Change, ChangeFeed } from '../../domain/change-feed.js';
import {
  type DirectoryChange,
  DirectoryWriter,
  type DirectoryState,
  type SharedNames,
} from '../../domain/directory-writer.js';
import { auditEventValues, insertAuditEvent } from './audit-log.js';
import type { Database, WorkOptions } from './database.js';
import { applyChange, isPlannedFor } from './directory-changes.js';
import { RegistryEntity } from './entities/registry.js';
import { ClientEntity, ResourceOwnerEntity } from './entities/subjects.js';
import { foldUsernames } from './folded-usernames.js';
import { notify, payloadsOf } from './notification.js';

/** Longest time for what reads whole tables, and in a change for each subject more, in milliseconds. */
const longMs = 30_000;
const changeMs = 50;

const long: WorkOptions = { timeoutMs: longMs };

/** Writes the directory in PostgreSQL. */
export class PostgresDirectoryWriter extends DirectoryWriter {
  /** @param feed notifies this node of its own changes; the transaction notifies the other nodes */
  constructor(
    private readonly database: Database,
    private readonly feed: ChangeFeed,
  ) {
    super();
  }

  state(): Promise<DirectoryState> {
    return this.database.run(async ({ manager }) => {
      const row = await manager.findOneOrFail(RegistryEntity, {
        select: { onlyRow: true, revision: true, configurationHash: true },
        where: { onlyRow: true },
      });
      return { revision: Number(row.revision), configurationHash: row.configurationHash ?? undefined };
    });
  }

  apply(changes: readonly DirectoryChange[], state: DirectoryState, origin: ChangeOrigin): Promise<boolean> {
    const { revision, configurationHash = null } = state;
    return this.change(changes, origin, { configurationHash }, async (_, current) => current === revision);
  }

  write(change: DirectoryChange, origin: ChangeOrigin): Promise<boolean> {
    return this.change([change], origin, {}, (transaction) => isPlannedFor(transaction, change));
  }

  /**
   * Makes changes in a transaction, and announces them.
   * @param registry what changes of the registry besides its revision
   * @param isPlanned whether the changes were planned for what is stored now
   */
  private async change(
    changes: readonly DirectoryChange[],
    origin: ChangeOrigin,
    registry: Pick<Partial<RegistryEntity>, 'configurationHash'>,
    isPlanned: (transaction: EntityManager, revision: number) => Promise<boolean>,
  ): Promise<boolean> {
    const changed = changes.map(changeOf);
    const payloads = payloadsOf(changed);
    const work = async (transaction: EntityManager) => {
      const revision = await lockRevision(transaction);
      if (!(await isPlanned(transaction, revision))) return false;
      await updateRegistry(transaction, changes, { ...registry, revision: String(revision + 1) });
      await makeChanges(transaction, changes, origin);
      for (const payload of payloads) await transaction.query(notify.text, [payload]);
      return true;
    };
    try {
      return await this.database.run(({ manager }) => manager.transaction(work), {
        timeoutMs: longMs + changes.length * changeMs,
      });
    } finally {
      for (const change of changed) this.feed.announce(change);
    }
  }

  sharedNames(realms: readonly string[] | undefined): Promise<SharedNames> {
    return this.database.run(async ({ manager }) => {
      const clientIds = await repeated(manager, ClientEntity, 'clientId', realms);
      const usernames = await repeated(manager, ResourceOwnerEntity, 'username', realms);
      return { clientIds: clientIds.sort(), usernames: usernames.length };
    }, long);
  }

  clientsNamedLikeUsers(realms: readonly string[] | undefined): Promise<readonly string[]> {
    return this.database.run(async ({ manager }) => {
      const rows = await manager
        .createQueryBuilder(ClientEntity, 'client')
        .innerJoin(ResourceOwnerEntity, 'owner', 'owner.username = client.clientId')
        .select('client.clientId', 'name')
        .distinct()
        .where(':realms::text[] IS NULL OR (client.realm = ANY(:realms) AND owner.realm = ANY(:realms))', {
          realms: realms ?? null,
        })
        .getRawMany<{ name: string }>();
      return rows.map(({ name }) => name).sort();
    }, long);
  }

  clientsWithInsecureRedirects(): Promise<readonly string[]> {
    return this.database.run(async ({ manager }) => {
      const clients = await manager.find(ClientEntity, {
        select: { realm: true, clientId: true },
        where: { enabled: true, insecureRedirectUris: true },
      });
      return [...new Set(clients.map(({ clientId }) => clientId))].sort();
    });
  }
}

/** Locks the registry's row until the transaction ends, so that writers take turns. @returns the revision */
async function lockRevision(transaction: EntityManager): Promise<number> {
  const { revision } = await transaction.findOneOrFail(RegistryEntity, {
    select: { onlyRow: true, revision: true },
    where: { onlyRow: true },
    lock: { mode: 'pessimistic_write' },
  });
  return Number(revision);
}

async function updateRegistry(
  transaction: EntityManager,
  changes: readonly DirectoryChange[],
  values: Partial<RegistryEntity>,
): Promise<void> {
  await transaction
    .createQueryBuilder()
    .update(RegistryEntity)
    .set({ ...values, longestLifetime: () => 'greatest(longest_lifetime, :longest)' })
    .where({ onlyRow: true })
    .setParameter('longest', longestLifetime(changes))
    .execute();
}

/** Makes all changes in their order, and adds their audit events. */
async function makeChanges(
  transaction: EntityManager,
  changes: readonly DirectoryChange[],
  origin: ChangeOrigin,
): Promise<void> {
  for (const change of changes) {
    const epoch = await applyChange(transaction, change, origin.at);
    for (const event of auditEventsOf(change, origin)) {
      await addEvent(transaction, { ...event, epoch: endsTokens(event.action) ? epoch : undefined });
    }
  }
  await foldUsernames(transaction, changes);
  const applied = configurationEvent(changes, origin);
  if (applied) await addEvent(transaction, applied);
}

/** The names that exist in more than one of the realms. */
async function repeated<Entity extends { realm: string }>(
  manager: EntityManager,
  entity: EntityTarget<Entity>,
  name: keyof Entity & string,
  realms: readonly string[] | undefined,
): Promise<string[]> {
  const rows = await manager
    .createQueryBuilder(entity, 'subject')
    .select(`subject.${name}`, 'name')
    .where('(:realms::text[] IS NULL OR subject.realm = ANY(:realms))', { realms: realms ?? null })
    .groupBy(`subject.${name}`)
    .having('count(*) > 1')
    .getRawMany<{ name: string }>();
  return rows.map((row) => row.name);
}

/** The longest time that a token, or a family of tokens, of the changed clients can live, in seconds. */
function longestLifetime(changes: readonly DirectoryChange[]): number {
  const lifetimes = changes.flatMap((change) =>
    'client' in change ? [change.client.accessTokenLifetime, change.client.refreshTokenMaxLifetime] : [],
  );
  return Math.max(0, ...lifetimes);
}

function changeOf(change: DirectoryChange): Change {
  if ('realm' in change) return { realm: change.realm.path };
  if ('client' in change) {
    const { realm, clientId } = change.client;
    return { client: { realm, name: clientId } };
  }
  const { realm, username } = change.resourceOwner;
  return { resourceOwner: { realm, name: username } };
}

async function addEvent(manager: EntityManager, event: NewAuditEvent): Promise<void> {
  await manager.query(insertAuditEvent.text, auditEventValues(event));
}
