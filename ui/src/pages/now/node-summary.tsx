import type { ListPage, Node } from '../../api/answers.js';
import { useResource } from '../../api/resource.js';
import { Panel } from '../../parts/page.js';
import { Shown } from '../../parts/state.js';
import { Time } from '../../parts/time.js';
import { useView } from '../../shell/view.js';
import { nodeStates, stateOf } from '../../text/nodes.js';

/** Which nodes serve, and which need somebody. */
export function NodeSummary() {
  const { link } = useView();
  const nodes = useResource<ListPage<Node>>('/admin/v1/nodes');
  return (
    <Panel title="Are all nodes well?">
      <Shown
        of={nodes}
        isEmpty={({ items }) => items.length === 0}
        empty="No node has reported yet."
        rootOnly
      >
        {({ items }) => (
          <ul class="nodes">
            {items.map((node) => {
              const state = stateOf(node, items);
              return (
                <li key={node.id} class={state}>
                  <a href={link('/system')} data-row>
                    {node.host} <span class="detail">{node.pid}</span>
                  </a>
                  <span class="badge" title={nodeStates[state]}>
                    {state}
                  </span>
                  <span class="detail">
                    seen <Time at={node.seen} />
                  </span>
                </li>
              );
            })}
          </ul>
        )}
      </Shown>
    </Panel>
  );
}
