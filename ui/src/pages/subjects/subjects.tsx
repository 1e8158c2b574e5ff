import { useView } from '../../shell/view.js';
import { clientKind, type Kind, realmKind, userKind } from './kinds.js';
import { NewSubject } from './new-subject.js';
import { SubjectDetail } from './subject-detail.js';
import { SubjectList } from './subject-list.js';

/** Clients: a list, one of them, or the form of a new one. */
export function ClientsPage() {
  return <Subjects kind={clientKind} />;
}

/** Users, likewise. */
export function UsersPage() {
  return <Subjects kind={userKind} />;
}

/** Realms, likewise. */
export function RealmsPage() {
  return <Subjects kind={realmKind} />;
}

function Subjects({ kind }: { readonly kind: Kind }) {
  const { query, realm } = useView();
  const { name } = query;
  if (query.new !== undefined) return <NewSubject kind={kind} />;
  if (name === undefined) return <SubjectList kind={kind} />;
  return <SubjectDetail key={`${realm} ${name}`} subject={{ kind, name, realm }} />;
}
