import type { ListPage, Node } from '../../api/answers.js';
import { useResource } from '../../api/resource.js';
import { Page, Panel } from '../../parts/page.js';
import { Shown } from '../../parts/state.js';
import { count } from '../../text/numbers.js';
import { nodeStates, stateOf } from '../../text/nodes.js';
import { Doctor } from './doctor.js';
import { Keys } from './keys.js';
import { NodeTable } from './node-table.js';

/** How the servers themselves are. */
export function SystemPage() {
  const nodes = useResource<ListPage<Node>>('/admin/v1/nodes');
  return (
    <Page title="System" shows={[nodes]}>
      <Panel title="Are all nodes well?" answer={nodes.body && summary(nodes.body.items)}>
        <Shown
          of={nodes}
          isEmpty={({ items }) => items.length === 0}
          empty="No node has reported yet."
          rootOnly
        >
          {({ items }) => (
            <>
              <NodeTable nodes={items} />
              <StateNotes nodes={items} />
            </>
          )}
        </Shown>
      </Panel>
      <Doctor />
      <Keys />
    </Page>
  );
}

/** What the states mean that need somebody. */
function StateNotes({ nodes }: { readonly nodes: readonly Node[] }) {
  const states = new Set(nodes.map((node) => stateOf(node, nodes)).filter((state) => state !== 'serving'));
  return [...states].map((state) => (
    <p key={state} class="hint">
      <b>{state}</b>: {nodeStates[state]}.
    </p>
  ));
}

function summary(nodes: readonly Node[]): string {
  const well = nodes.filter((node) => stateOf(node, nodes) === 'serving').length;
  return well === nodes.length
    ? `All ${count(well)} serve.`
    : `${count(well)} of ${count(nodes.length)} serve.`;
}
