import type { Command } from 'commander';
import type { NodeReport } from '../domain/roster.js';
import { tableLines } from './table.js';
import { print, printable, printableJson, showsColours } from './terminal.js';

const help = `
A node is a single server or a worker. It reports itself every few seconds, and is listed for an hour after its last
report. "current" means that it receives the changes of the other nodes, so that its cache is in use. Settings come
from the environment, as for apply.`;

/** Adds `nodes`: the processes that serve on the database. */
export function addNodes(program: Command): void {
  program
    .command('nodes')
    .description('list the nodes that serve on the database')
    .option('--json', 'print a line of JSON for each node')
    .addHelpText('after', help)
    .action(nodes);
}

async function nodes({ json }: { json?: true }): Promise<void> {
  // Nest and TypeORM are slow to load.
  const { listNodes } = await import('./monitoring.js');
  const { nodes: listed, now } = await listNodes();
  if (json) listed.forEach((node) => print(nodeLine(node)));
  else print(nodeTable(listed, now, showsColours()));
}

/** A node as one line of JSON. */
function nodeLine(node: NodeReport): string {
  return printableJson({
    id: node.id,
    host: node.host,
    pid: node.pid,
    version: node.version,
    started: new Date(node.started).toISOString(),
    seen: new Date(node.seen).toISOString(),
    hears: node.hears,
    cache_hits: node.cacheHits,
    cache_misses: node.cacheMisses,
    rss: node.rss,
    cpu: node.cpu,
  });
}

/** A table of nodes. @param now the time that they are listed at, in milliseconds since 1970 */
export function nodeTable(listed: readonly NodeReport[], now: number, coloured: boolean): string {
  if (listed.length === 0) return 'no node was seen in the last hour';
  const columns = [
    { title: 'host' },
    { title: 'pid', number: true },
    { title: 'version' },
    { title: 'started' },
    { title: 'seen s ago', number: true },
    { title: 'changes' },
    { title: 'cache hits %', number: true },
    { title: 'memory MB', number: true },
    { title: 'cpu s', number: true },
  ];
  const rows = listed.map((node) => [
    printable(node.host),
    String(node.pid),
    printable(node.version),
    `${new Date(node.started).toISOString().slice(0, 19)}Z`,
    String(Math.max(0, Math.round((now - node.seen) / 1000))),
    node.hears ? 'current' : ({ text: 'not current', colour: 'red' } as const),
    hitRate(node),
    (node.rss / 1e6).toFixed(0),
    node.cpu.toFixed(1),
  ]);
  return tableLines(columns, rows, coloured).join('\n');
}

function hitRate({ cacheHits, cacheMisses }: NodeReport): string {
  const lookups = cacheHits + cacheMisses;
  return lookups === 0 ? '-' : ((100 * cacheHits) / lookups).toFixed(1);
}
