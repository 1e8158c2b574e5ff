import { useState } from 'preact/hooks';
import type { ClientSecret } from '../../api/answers.js';
import { useResource } from '../../api/resource.js';
import { Panel } from '../../parts/page.js';
import { Shown } from '../../parts/state.js';
import { type Column, Table } from '../../parts/table.js';
import { Time } from '../../parts/time.js';
import { useSession } from '../../session/session.js';
import { ConfirmDialog } from '../../parts/confirm-dialog.js';
import { routeOf, type SubjectName } from './routes.js';
import { ShownSecret } from './shown-secret.js';

const columns: readonly Column<ClientSecret>[] = [
  { title: 'Secret', cell: ({ id }) => id },
  { title: 'State', cell: ({ state }) => state },
  { title: 'Made', cell: ({ created_at }) => created_at && <Time at={created_at} /> },
  { title: 'Last used', cell: ({ last_used_at }) => last_used_at && <Time at={last_used_at} /> },
  { title: 'Ends', cell: ({ until }) => until && <Time at={until} /> },
];

const rotation =
  'A new secret is made and shown once. The old one is accepted beside it for the overlap. No token ends.';

/** The secrets of a client: when they were made and last used; a new one with an overlap; the end of the previous one. */
export function ClientSecrets({ subject }: { readonly subject: SubjectName }) {
  const { api, caller } = useSession();
  const secrets = useResource<{ readonly items: readonly ClientSecret[] }>(
    routeOf(subject, '/secrets'),
    false,
  );
  const [dialog, setDialog] = useState<'rotate' | 'end'>();
  const [made, setMade] = useState<string>();
  const changed = () => {
    setDialog(undefined);
    secrets.reload();
  };
  const rotate = async (overlap: string) => {
    const body = { overlap: Number(overlap) };
    const change = {
      method: 'POST',
      path: routeOf(subject, '/secrets'),
      body,
      ifMatch: secrets.etag,
    } as const;
    const answer = await api.send<{ readonly client_secret: string }>(change);
    changed();
    setMade(answer.body.client_secret);
  };
  const end = async () => {
    const path = routeOf(subject, '/secrets/previous');
    await api.send({ method: 'DELETE', path, ifMatch: secrets.etag });
    changed();
  };
  const close = () => setDialog(undefined);
  return (
    <Panel title="Secrets">
      <Shown of={secrets} isEmpty={({ items }) => items.length === 0} empty="A public client has no secret.">
        {({ items }) => (
          <>
            <Table caption="Secrets of the client" columns={columns} rows={items} keyOf={({ id }) => id} />
            {caller?.access === 'write' && (
              <p class="actions">
                <button type="button" onClick={() => setDialog('rotate')}>
                  Rotate the secret
                </button>
                {items.length > 1 && (
                  <button type="button" onClick={() => setDialog('end')}>
                    End the previous secret
                  </button>
                )}
              </p>
            )}
          </>
        )}
      </Shown>
      {dialog === 'rotate' && (
        <ConfirmDialog
          title="Rotate the secret"
          says={rotation}
          asks={{ label: 'Overlap in seconds', initial: '86400' }}
          act={rotate}
          onClose={close}
        />
      )}
      {dialog === 'end' && (
        <ConfirmDialog
          title="End the previous secret"
          says="It is accepted no more, from now on."
          act={end}
          onClose={close}
        />
      )}
      {made !== undefined && <ShownSecret secret={made} onClose={() => setMade(undefined)} />}
    </Panel>
  );
}
