import { randomUUID } from 'node:crypto';
import type { NodeReport } from '../../src/domain/roster.js';

/** The report of a node of its own, except as stated. */
export function aNode(fields: Partial<NodeReport> = {}): NodeReport {
  return {
    id: randomUUID(),
    host: 'host',
    pid: 7,
    version: '1.2.3',
    started: Date.UTC(2026, 0, 1),
    seen: Date.UTC(2026, 0, 2),
    hears: true,
    cacheHits: 5_000_000_000,
    cacheMisses: 3,
    rss: 6_000_000_000,
    cpu: 1.25,
    ...fields,
  };
}
