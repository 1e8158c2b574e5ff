import { useList } from '../../api/list.js';
import { Filter, FilterChoice } from '../../parts/filters.js';
import { Page } from '../../parts/page.js';
import { PagedTable } from '../../parts/paged-table.js';
import type { Column } from '../../parts/table.js';
import { Time } from '../../parts/time.js';
import { useSession } from '../../session/session.js';
import { useView } from '../../shell/view.js';
import { words } from '../../text/words.js';
import { grantTypes } from './client-members.js';
import type { Kind } from './kinds.js';
import type { Subject } from './member.js';
import { listRoute } from './routes.js';

const grantTypeNames = Object.fromEntries(grantTypes.map((type) => [type, words(type)]));

/** The subjects of a kind, by name. */
export function SubjectList({ kind }: { readonly kind: Kind }) {
  const { query, realm, path, link } = useView();
  const { caller } = useSession();
  const { prefix, enabled, grant_type } = query;
  const where = kind.kind === 'realm' ? { under: realm } : { realm };
  const filters = kind.kind === 'client' ? { prefix, enabled, grant_type } : { prefix, enabled };
  const list = useList<Subject>(listRoute(kind), { ...where, ...filters });
  const shownRealm = realm ?? caller?.realm ?? '/';
  const nameOf = (subject: Subject) => String(subject[kind.nameMember]);
  const columns: Column<Subject>[] = [
    {
      title: 'Name',
      cell: (subject) => (
        <a href={link(path, { name: nameOf(subject) })} data-row>
          {nameOf(subject)}
        </a>
      ),
    },
    ...(kind.kind === 'client' ? clientColumns : []),
    { title: 'State', cell: (subject) => (subject.enabled === true ? 'enabled' : 'disabled') },
    {
      title: 'Changed',
      wideOnly: true,
      cell: ({ updated_at }) => typeof updated_at === 'string' && <Time at={updated_at} />,
    },
  ];
  return (
    <Page title={kind.title} shows={[list.first]} controls={<NewLink kind={kind} />}>
      <div class="filters">
        <Filter label="Begins with" name="prefix" />
        <FilterChoice label="State" name="enabled" values={{ true: 'enabled', false: 'disabled' }} />
        {kind.kind === 'client' && (
          <FilterChoice label="Grant type" name="grant_type" values={grantTypeNames} />
        )}
      </div>
      <p class="hint">
        {kind.kind === 'realm'
          ? `${shownRealm} and the realms below it.`
          : `Those of the realm ${shownRealm}.`}
      </p>
      <PagedTable
        {...{ list, columns }}
        caption={`${kind.title} by name`}
        keyOf={nameOf}
        empty={`No ${kind.kind} of this realm fits the filters.`}
      />
    </Page>
  );
}

const clientColumns: readonly Column<Subject>[] = [
  { title: 'Type', wideOnly: true, cell: ({ client_type }) => String(client_type) },
  {
    title: 'Grant types',
    wideOnly: true,
    cell: ({ grant_types }) => (grant_types as string[]).map(words).join(', '),
  },
];

/** Leads to the form of a new one, where the caller may add one. */
function NewLink({ kind }: { readonly kind: Kind }) {
  const { path, link } = useView();
  const { caller } = useSession();
  if (caller?.access !== 'write') return null;
  return <a href={link(path, { new: 'yes' })}>New {kind.kind}</a>;
}
