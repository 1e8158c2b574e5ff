import { useEffect, useState } from 'preact/hooks';
import type { Explanation } from '../../api/answers.js';
import { useAttempt } from '../../api/attempt.js';
import { Field } from '../../parts/field.js';
import { Filter } from '../../parts/filters.js';
import { Refused } from '../../parts/state.js';
import { useSession } from '../../session/session.js';
import { Explained } from './explained.js';

/** A token by its value, which is kept here alone, or by its id. */
type Question = { readonly token: string } | { readonly id: string };

/** Asks what the server thinks of a token that is typed, or that the URL names by its id. */
export function TokenQuestion({ id }: { readonly id?: string }) {
  const { api } = useSession();
  const [typed, setTyped] = useState('');
  const [question, setQuestion] = useState<Question>();
  const [explanation, setExplanation] = useState<Explanation>();
  const { busy, problem, attempt } = useAttempt();
  const ask = async (asked: Question) => {
    await attempt(async () => {
      const path = '/admin/v1/tokens/explain';
      const { body } = await api.send<Explanation>({ method: 'POST', path, body: asked });
      setQuestion(asked);
      setExplanation(body);
    });
  };
  useEffect(() => {
    if (id !== undefined) void ask({ id });
  }, [id]);
  return (
    <>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void ask({ token: typed });
        }}
      >
        <Field
          {...{ label: 'Token', name: 'token', value: typed, onValue: setTyped }}
          error={problem?.at('/token')}
          hint="It is kept in this page alone."
          secret
          required
        />
        <p class="actions">
          <button class="primary" type="submit" aria-busy={busy}>
            Explain
          </button>
        </p>
      </form>
      <div class="filters">
        <Filter label="or its id" name="id" />
      </div>
      {problem && <Refused problem={problem} />}
      {explanation && question && (
        <Explained explanation={explanation} onChanged={() => void ask(question)} />
      )}
    </>
  );
}
