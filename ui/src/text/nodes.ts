import type { Node } from '../api/answers.js';

/** A node reports every 10 s by default; one that is this far behind the latest report is silent, in milliseconds. */
const silentMs = 60_000;

/** How a node is. */
export type NodeState = 'serving' | 'deaf' | 'silent';

/** What the states mean. */
export const nodeStates: Readonly<Record<NodeState, string>> = {
  serving: 'serves, and receives the changes of the other nodes',
  deaf: 'does not receive the changes of the other nodes, so it bypasses its cache',
  silent: 'has not reported: it stopped, hangs, or does not reach the database',
};

/** The state of a node. Its last report is compared with the latest of all nodes: the reader's clock may be wrong. */
export function stateOf(node: Node, all: readonly Node[]): NodeState {
  const latest = Math.max(...all.map(({ seen }) => Date.parse(seen)));
  if (latest - Date.parse(node.seen) > silentMs) return 'silent';
  return node.hears ? 'serving' : 'deaf';
}
