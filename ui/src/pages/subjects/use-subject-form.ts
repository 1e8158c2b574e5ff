import { useState } from 'preact/hooks';
import { useAttempt } from '../../api/attempt.js';
import type { Answer } from '../../api/client.js';
import { useSession } from '../../session/session.js';
import { type Member, type Subject, type Texts, textsOf, typedChanges } from './member.js';

/** The stored version that a form began with, and how its changes are sent. */
export interface FormTarget {
  readonly members: readonly Member[];
  readonly stored: Answer<Subject>;
  /** The route of the subject, or of the list that it is added to. */
  readonly route: string;
  readonly method: 'POST' | 'PATCH';
  readonly onSaved: (subject: Subject) => void;
}

/** What was typed, and what became of it. What was typed stays, whatever the server answers. */
export function useSubjectForm({ members, stored, route, method, onSaved }: FormTarget) {
  const { api } = useSession();
  const [base, setBase] = useState(stored);
  const [texts, setTexts] = useState<Texts>(() => textsOf(members, stored.body));
  const [flaws, setFlaws] = useState<Texts>({});
  const [theirs, setTheirs] = useState<Answer<Subject>>();
  const { busy, problem, attempt, forget } = useAttempt();
  const send = async (patch: Subject) => {
    const change = { method, path: route, body: patch, ifMatch: base.etag };
    const status = await attempt(async () => onSaved((await api.send<Subject>(change)).body));
    if (status === 412) await attempt(async () => setTheirs(await api.get<Subject>(route)));
  };
  /** Goes on from the version of somebody else. */
  const goOn = (over: Answer<Subject>, next: Texts) => {
    setBase(over);
    setTexts(next);
    setTheirs(undefined);
    forget();
  };
  return {
    ...{ base, texts, flaws, problem, theirs, busy, goOn },
    type: (name: string, text: string) => setTexts({ ...texts, [name]: text }),
    save: () => {
      const typed = typedChanges(members, base.body, texts);
      setFlaws(typed.flaws);
      if (Object.keys(typed.flaws).length === 0) void send(typed.patch);
    },
  };
}
