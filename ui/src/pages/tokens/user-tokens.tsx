import type { UserToken } from '../../api/answers.js';
import { useList } from '../../api/list.js';
import { PagedTable } from '../../parts/paged-table.js';
import type { Column } from '../../parts/table.js';
import { Time } from '../../parts/time.js';
import { useView } from '../../shell/view.js';
import { words } from '../../text/words.js';

/** The access tokens of a user, the newest first. A row leads to its explanation. */
export function UserTokens({ username }: { readonly username: string }) {
  const { path, link, realm } = useView();
  const list = useList<UserToken>('/admin/v1/tokens', { realm, username });
  const columns: readonly Column<UserToken>[] = [
    {
      title: 'Issued',
      cell: ({ id, issued_at }) => (
        <a href={link(path, { username, id })} data-row>
          <Time at={issued_at} />
        </a>
      ),
    },
    { title: 'Client', cell: ({ client_id }) => client_id },
    { title: 'State', cell: ({ state }) => words(state) },
    { title: 'Grant', wideOnly: true, cell: ({ grant_type }) => words(grant_type) },
    { title: 'Scope', wideOnly: true, cell: ({ scope }) => scope.join(' ') },
    { title: 'Expires', cell: ({ expires_at }) => <Time at={expires_at} /> },
  ];
  return (
    <PagedTable
      list={list}
      caption="Access tokens, newest first"
      columns={columns}
      keyOf={({ id }) => id}
      empty="The user has no token of this server that is still stored."
    />
  );
}
