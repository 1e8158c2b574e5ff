import type { AuditEvent } from '../../api/answers.js';
import { useList } from '../../api/list.js';
import { Filter } from '../../parts/filters.js';
import { Page } from '../../parts/page.js';
import { PagedTable } from '../../parts/paged-table.js';
import type { Column } from '../../parts/table.js';
import { Time } from '../../parts/time.js';
import { useView } from '../../shell/view.js';
import { words } from '../../text/words.js';
import { actions } from './actions.js';
import { Changes } from './changes.js';

const columns: readonly Column<AuditEvent>[] = [
  { title: 'When', cell: ({ at }) => <Time at={at} /> },
  { title: 'What', cell: ({ action }) => words(action.replace('.', ' ')) },
  {
    title: 'Whose',
    cell: ({ realm, name }) => (
      <>
        {name} <span class="detail">{realm}</span>
      </>
    ),
  },
  {
    title: 'By',
    cell: ({ actor, actor_kind, address }) => (
      <>
        {actor || 'the server'}{' '}
        <span class="detail">
          {actor_kind} {address}
        </span>
      </>
    ),
  },
  { title: 'Changes', cell: ({ changes }) => <Changes changes={changes} /> },
];

/** What was changed, when and by whom. */
export function AuditPage() {
  const { query, realm } = useView();
  const { action, actor, name } = query;
  const list = useList<AuditEvent>('/admin/v1/audit', { action, actor, name, realm });
  return (
    <Page title="Audit" shows={[list.first]}>
      <div class="filters">
        <Filter label="Action" name="action" known={actions} />
        <Filter label="Actor" name="actor" />
        <Filter label="Client or user" name="name" />
      </div>
      <PagedTable
        list={list}
        caption="Audit events, newest first"
        columns={columns}
        keyOf={({ id }) => id}
        empty="No event fits the filters."
      />
    </Page>
  );
}
