import { NodeRoster, nodeListedMs, type NodeReport } from '../../domain/roster.js';
import type { Database } from './database.js';
import { NodeEntity } from './entities/operations.js';
import type { Statement } from './statement.js';
import { type Selected, Table } from './table.js';

const table = new Table(NodeEntity);

const reportNode: Statement = {
  name: 'report_node',
  text: `INSERT INTO node (${table.names}) VALUES (${table.parameters()})
    ON CONFLICT (id) DO UPDATE SET seen = excluded.seen, hears = excluded.hears,
      cache_hits = excluded.cache_hits, cache_misses = excluded.cache_misses, rss = excluded.rss, cpu = excluded.cpu`,
  purpose: 'job',
};

const listNodes: Statement = {
  name: 'list_nodes',
  text: `SELECT ${table.selection} FROM node WHERE seen > $1 ORDER BY host, pid, started LIMIT 1000`,
};

/** The nodes in PostgreSQL. */
export class PostgresNodeRoster extends NodeRoster {
  constructor(private readonly database: Database) {
    super();
  }

  async report(node: NodeReport): Promise<void> {
    const row: NodeEntity = {
      ...node,
      started: new Date(node.started),
      seen: new Date(node.seen),
      cacheHits: String(node.cacheHits),
      cacheMisses: String(node.cacheMisses),
      rss: String(node.rss),
    };
    await this.database.write(reportNode, table.values(row));
  }

  async list(now: number): Promise<NodeReport[]> {
    const rows = await this.database.read<Selected<NodeEntity>>(listNodes, [new Date(now - nodeListedMs)]);
    return rows.map((row) => ({
      ...row,
      started: Number(row.started),
      seen: Number(row.seen),
      cacheHits: Number(row.cacheHits),
      cacheMisses: Number(row.cacheMisses),
      rss: Number(row.rss),
      cpu: Number(row.cpu),
    }));
  }
}
