import type { NodeReport } from '../../domain/roster.js';
import { isoTime } from '../iso-time.js';

/** What a node last reported: resident memory in bytes, processor time in milliseconds. */
export function nodeView(node: NodeReport): object {
  const { id, host, pid, version, started, seen, hears, cacheHits, cacheMisses, rss, cpu } = node;
  return {
    id,
    host,
    pid,
    version,
    started: isoTime(started),
    seen: isoTime(seen),
    hears,
    cache_hits: cacheHits,
    cache_misses: cacheMisses,
    rss,
    cpu: Math.round(cpu * 1000),
  };
}
