import type { Refusal } from '../../api/answers.js';
import { useList } from '../../api/list.js';
import { Filter } from '../../parts/filters.js';
import { Page } from '../../parts/page.js';
import { PagedTable } from '../../parts/paged-table.js';
import type { Column } from '../../parts/table.js';
import { Time } from '../../parts/time.js';
import { useView } from '../../shell/view.js';
import { words } from '../../text/words.js';
import { reasons } from './reasons.js';
import { RefusalDialog } from './refusal-dialog.js';

/** Requests of the last day that were refused, and why. */
export function RefusalsPage() {
  const { path, query, realm, link } = useView();
  const { reason, client, route, id } = query;
  const list = useList<Refusal>('/admin/v1/refusals', { reason, client, route, realm });
  const columns: Column<Refusal>[] = [
    {
      title: 'When',
      cell: (refusal) => (
        <a href={link(path, { ...query, id: refusal.id })} data-row>
          <Time at={refusal.at} />
        </a>
      ),
    },
    { title: 'Why', cell: (refusal) => words(refusal.reason ?? refusal.error ?? '') },
    { title: 'Request', cell: (refusal) => <code>{`${refusal.method} ${refusal.route}`}</code> },
    { title: 'Status', figures: true, wideOnly: true, cell: (refusal) => refusal.status },
    { title: 'Realm', wideOnly: true, cell: (refusal) => refusal.realm },
    { title: 'Client', cell: (refusal) => refusal.client },
  ];
  return (
    <Page title="Refusals" shows={[list.first]}>
      <div class="filters">
        <Filter label="Reason" name="reason" known={reasons} />
        <Filter label="Client" name="client" />
        <Filter label="Route" name="route" />
      </div>
      <PagedTable
        list={list}
        caption="Refused requests, newest first"
        columns={columns}
        keyOf={(refusal) => refusal.id}
        empty="No refused request of the last 24 hours fits the filters."
      />
      {id !== undefined && <RefusalDialog id={id} />}
    </Page>
  );
}
