import { useState } from 'preact/hooks';
import { Page } from '../../parts/page.js';
import { useSession } from '../../session/session.js';
import { useView } from '../../shell/view.js';
import type { Kind } from './kinds.js';
import type { Subject } from './member.js';
import { NoRight } from './no-right.js';
import { addRoute } from './routes.js';
import { ShownSecret } from './shown-secret.js';
import { SubjectForm } from './subject-form.js';

/** What a new subject begins with. */
const blank = { body: { enabled: true } };

/** The form of a new subject. The generated secret of a client is shown once. */
export function NewSubject({ kind }: { readonly kind: Kind }) {
  const { path, realm, link, open } = useView();
  const { caller } = useSession();
  const [added, setAdded] = useState<Subject>();
  const showAdded = (subject: Subject) => open(link(path, { name: String(subject[kind.nameMember]) }));
  const onSaved = (subject: Subject) => (subject.client_secret === undefined ? showAdded : setAdded)(subject);
  return (
    <Page title={`New ${kind.kind}`} shows={[]}>
      {kind.kind !== 'realm' && <p class="hint">In the realm {realm ?? caller?.realm}.</p>}
      {caller?.access === 'write' ? (
        <SubjectForm
          {...{ onSaved, stored: blank, members: kind.members }}
          route={addRoute(kind, realm)}
          method="POST"
          back={link(path)}
        />
      ) : (
        <NoRight />
      )}
      {added && <ShownSecret secret={String(added.client_secret)} onClose={() => showAdded(added)} />}
    </Page>
  );
}
