import {
  type ClientSecretRecord,
  ClientSecretRecords,
  type SecretTimes,
} from '../../domain/client-secrets.js';
import type { Database } from './database.js';
import { ClientEntity } from './entities/subjects.js';
import { toClient } from './subject-rows.js';

/** The secrets of clients in PostgreSQL. */
export class PostgresClientSecretRecords extends ClientSecretRecords {
  constructor(private readonly database: Database) {
    super();
  }

  async find(realm: string, clientId: string): Promise<ClientSecretRecord | undefined> {
    const row = await this.database.run(({ manager }) =>
      manager.findOneBy(ClientEntity, { realm, clientId }),
    );
    return row
      ? {
          client: toClient(row),
          current: times(row.secretCreatedAt, row.secretUsedAt),
          previous: times(row.previousSecretCreatedAt, row.previousSecretUsedAt),
        }
      : undefined;
  }
}

function times(created: Date | null, used: Date | null): SecretTimes {
  return { createdAt: created?.getTime(), lastUsedAt: used?.getTime() };
}
