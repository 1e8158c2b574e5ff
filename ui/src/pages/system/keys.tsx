import type { ListPage, TokenKey } from '../../api/answers.js';
import { useResource } from '../../api/resource.js';
import { Panel } from '../../parts/page.js';
import { Shown } from '../../parts/state.js';
import { type Column, Table } from '../../parts/table.js';
import { Time } from '../../parts/time.js';

const columns: readonly Column<TokenKey>[] = [
  { title: 'Key', cell: ({ id }) => <code>{id}</code> },
  { title: 'State', cell: ({ state }) => state },
  { title: 'Signs from', cell: ({ signs_from }) => signs_from && <Time at={signs_from} /> },
  { title: 'Kept until', cell: ({ kept_until }) => kept_until && <Time at={kept_until} /> },
];

/** The keys that tag tokens. */
export function Keys() {
  const keys = useResource<ListPage<TokenKey>>('/admin/v1/keys');
  return (
    <Panel title="Which keys tag tokens?">
      <Shown of={keys} rootOnly>
        {({ items }) => <Table caption="Keys" columns={columns} rows={items} keyOf={({ id }) => id} />}
      </Shown>
    </Panel>
  );
}
