import type { EntityManager, EntityTarget, QueryRunner } from 'typeorm';
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
import { applyChange } from './directory-changes.js';
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

  async apply(
    changes: readonly DirectoryChange[],
    state: DirectoryState,
    origin: ChangeOrigin,
  ): Promise<boolean> {
    const changed = changes.map(changeOf);
    try {
      return await this.applyAll(changes, state, origin, payloadsOf(changed));
    } finally {
      for (const change of changed) this.feed.announce(change);
    }
  }

  private applyAll(
    changes: readonly DirectoryChange[],
    state: DirectoryState,
    origin: ChangeOrigin,
    payloads: readonly string[],
  ): Promise<boolean> {
    const work = ({ manager }: QueryRunner) =>
      manager.transaction(async (transaction) => {
        // The row's lock makes concurrent calls take turns; the second one finds another revision.
        const { affected } = await transaction
          .createQueryBuilder()
          .update(RegistryEntity)
          .set({
            revision: String(state.revision + 1),
            configurationHash: state.configurationHash ?? null,
            longestLifetime: () => 'greatest(longest_lifetime, :longest)',
          })
          .where({ onlyRow: true, revision: String(state.revision) })
          .setParameter('longest', longestLifetime(changes))
          .execute();
        if (affected !== 1) return false;
        for (const change of changes) {
          const epoch = await applyChange(transaction, change);
          for (const event of auditEventsOf(change, origin)) {
            await addEvent(transaction, { ...event, epoch: endsTokens(event.action) ? epoch : undefined });
          }
        }
        await foldUsernames(transaction, changes);
        const applied = configurationEvent(changes, origin);
        if (applied) await addEvent(transaction, applied);
        for (const payload of payloads) await transaction.query(notify.text, [payload]);
        return true;
      });
    return this.database.run(work, { timeoutMs: longMs + changes.length * changeMs });
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
