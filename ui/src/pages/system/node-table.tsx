import type { Node } from '../../api/answers.js';
import { type Column, Table } from '../../parts/table.js';
import { Time } from '../../parts/time.js';
import { bytes, count, duration, percent } from '../../text/numbers.js';
import { nodeStates, stateOf } from '../../text/nodes.js';

/** The nodes that share the database, and what each says of itself. */
export function NodeTable({ nodes }: { readonly nodes: readonly Node[] }) {
  const columns: Column<Node>[] = [
    { title: 'Host', sortBy: ({ host }) => host, cell: ({ host }) => host },
    { title: 'Process', figures: true, cell: ({ pid }) => pid },
    { title: 'State', cell: (node) => <State node={node} nodes={nodes} /> },
    { title: 'Seen', sortBy: ({ seen }) => seen, cell: ({ seen }) => <Time at={seen} /> },
    { title: 'Up for', figures: true, sortBy: upMs, cell: (node) => duration(upMs(node)) },
    { title: 'Version', sortBy: ({ version }) => version, cell: ({ version }) => version },
    {
      title: 'Cache hits',
      figures: true,
      cell: ({ cache_hits, cache_misses }) => percent(cache_hits, cache_hits + cache_misses),
    },
    {
      title: 'Lookups',
      figures: true,
      sortBy: ({ cache_hits, cache_misses }) => cache_hits + cache_misses,
      cell: ({ cache_hits, cache_misses }) => count(cache_hits + cache_misses),
    },
    { title: 'Memory', figures: true, sortBy: ({ rss }) => rss, cell: ({ rss }) => bytes(rss) },
    {
      title: 'Processor',
      figures: true,
      sortBy: (node) => node.cpu / upMs(node),
      cell: (node) => percent(node.cpu, upMs(node)),
    },
  ];
  return <Table caption="Nodes" columns={columns} rows={nodes} keyOf={({ id }) => id} />;
}

function State({ node, nodes }: { readonly node: Node; readonly nodes: readonly Node[] }) {
  const state = stateOf(node, nodes);
  return (
    <span class={`badge ${state}`} title={nodeStates[state]}>
      {state}
    </span>
  );
}

/** How long a node had been up at its last report, in milliseconds. */
function upMs({ started, seen }: Node): number {
  return Date.parse(seen) - Date.parse(started);
}
