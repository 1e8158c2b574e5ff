import { useState } from 'preact/hooks';
import type { Answer } from '../../api/client.js';
import { type Resource, useResource } from '../../api/resource.js';
import { Facts } from '../../parts/facts.js';
import { Page, Panel } from '../../parts/page.js';
import { Shown } from '../../parts/state.js';
import { Time } from '../../parts/time.js';
import { useSession } from '../../session/session.js';
import { useView } from '../../shell/view.js';
import { ClientSecrets } from './client-secrets.js';
import { type Member, type Subject, textOf } from './member.js';
import { NoRight } from './no-right.js';
import { routeOf, type SubjectName } from './routes.js';
import { ShownSecret } from './shown-secret.js';
import { SubjectActions } from './subject-actions.js';
import { SubjectForm } from './subject-form.js';

/** One subject: its members and what can be done with it, or the form that changes it. */
export function SubjectDetail({ subject }: { readonly subject: SubjectName }) {
  const { query } = useView();
  const { caller } = useSession();
  const shown = useResource<Subject>(routeOf(subject), false);
  const mayChange = caller?.access === 'write';
  const isEdited = query.edit !== undefined && mayChange;
  return (
    <Page title={subject.name} shows={[shown]}>
      <Shown of={shown}>
        {(body) =>
          isEdited ? (
            <Edited {...{ subject, shown }} stored={{ body, etag: shown.etag }} />
          ) : (
            <>
              {mayChange ? <SubjectActions {...{ subject, shown }} stored={body} /> : <NoRight />}
              <Members subject={subject} stored={body} />
            </>
          )
        }
      </Shown>
      {subject.kind.kind === 'client' && !isEdited && <ClientSecrets subject={subject} />}
    </Page>
  );
}

interface MembersProps {
  readonly subject: SubjectName;
  readonly stored: Subject;
}

function Members({ subject, stored }: MembersProps) {
  const shownText = (member: Member) =>
    member.type === 'flag' ? (stored[member.name] === true ? 'yes' : 'no') : textOf(member, stored);
  const times = ['created_at', 'updated_at'].map((name) => stored[name] as string | undefined);
  const [created, updated] = times.map((at) => at && <Time at={at} />);
  return (
    <Panel title={`The ${subject.kind.kind}`}>
      <Facts
        facts={[
          ['Realm', stored.realm as string | undefined],
          ...subject.kind.members.map((member) => [member.label, shownText(member)] as const),
          ['Added', created],
          ['Changed', updated],
        ]}
      />
    </Panel>
  );
}

interface EditedProps {
  readonly subject: SubjectName;
  readonly shown: Resource<Subject>;
  readonly stored: Answer<Subject>;
}

function Edited({ subject, shown, stored }: EditedProps) {
  const { path, link, open } = useView();
  const [secret, setSecret] = useState<string>();
  const back = link(path, { name: subject.name });
  const leave = () => {
    shown.reload();
    open(back);
  };
  return (
    <>
      <SubjectForm
        {...{ stored, back }}
        members={subject.kind.members.filter(({ onlyNew }) => !onlyNew)}
        route={routeOf(subject)}
        method="PATCH"
        // A client that has turned confidential gets a secret.
        onSaved={({ client_secret }) =>
          client_secret === undefined ? leave() : setSecret(client_secret as string)
        }
      />
      {secret !== undefined && <ShownSecret secret={secret} onClose={leave} />}
    </>
  );
}
