import { type Refusal, RefusalLog, type RefusalQuery } from '../../domain/refusal.js';
import type { Database } from './database.js';
import { RefusalEntity } from './entities/operations.js';
import { beforePlace, placeOf, withinRealm } from './listing.js';
import type { Statement } from './statement.js';
import { type Selected, Table } from './table.js';

const refusalTable = new Table(RefusalEntity);

const insertRefusals: Statement = {
  name: 'insert_refusals',
  text: `INSERT INTO refusal (${refusalTable.names}) SELECT * FROM ${refusalTable.rows} ON CONFLICT DO NOTHING`,
  purpose: 'job',
};

const findRefusal: Statement = {
  name: 'find_refusal',
  text: `SELECT ${refusalTable.selection} FROM refusal WHERE id = $1`,
};

/** A filter that is null lets every refusal pass. */
const listRefusals: Statement = {
  name: 'list_refusals',
  text: `SELECT ${refusalTable.selection} FROM refusal
    WHERE ${beforePlace} AND ${withinRealm('$3')}
      AND ($4::text IS NULL OR reason = $4)
      AND ($5::text IS NULL OR client = $5)
      AND ($6::text IS NULL OR realm = $6)
      AND ($7::text IS NULL OR route = $7)
    ORDER BY refusal.at DESC, id DESC LIMIT $8`,
};

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Refusals in PostgreSQL. */
export class PostgresRefusalLog extends RefusalLog {
  constructor(private readonly database: Database) {
    super();
  }

  async add(refusals: readonly Refusal[]): Promise<void> {
    if (refusals.length === 0) return;
    await this.database.write(insertRefusals, refusalTable.arrays(refusals.map(toRow)));
  }

  async find(id: string): Promise<Refusal | undefined> {
    if (!uuid.test(id)) return undefined;
    const [row] = await this.database.read<Selected<RefusalEntity>>(findRefusal, [id]);
    return row && toRefusal(row);
  }

  async list({ within, reason, client, realm, route, before, limit }: RefusalQuery): Promise<Refusal[]> {
    const rows = await this.database.read<Selected<RefusalEntity>>(listRefusals, [
      ...placeOf({ before }),
      within,
      reason ?? null,
      client ?? null,
      realm ?? null,
      route ?? null,
      limit,
    ]);
    return rows.map(toRefusal);
  }
}

function toRow({ at, reason, error, detail, tokenId, ...refusal }: Refusal): RefusalEntity {
  return {
    ...refusal,
    at: new Date(at),
    reason: reason ?? null,
    error: error ?? null,
    detail: detail ?? null,
    tokenId: tokenId ?? null,
  };
}

function toRefusal({ at, reason, error, detail, tokenId, ...refusal }: Selected<RefusalEntity>): Refusal {
  return {
    ...refusal,
    at: Number(at),
    reason: reason ?? undefined,
    error: error ?? undefined,
    detail: detail ?? undefined,
    tokenId: tokenId ?? undefined,
  };
}
