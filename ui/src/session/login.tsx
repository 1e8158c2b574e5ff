import { useEffect, useState } from 'preact/hooks';
import { ApiProblem } from '../api/problem.js';
import { Field } from '../parts/field.js';
import { exchangeLoginCode } from './login-code.js';
import { useSession } from './session.js';

/** The page before the login. With a code it tries that first. */
export function LoginPage({ code }: { readonly code?: string }) {
  const { logIn } = useSession();
  const [trying, setTrying] = useState(code !== undefined);
  const [refusal, setRefusal] = useState<string>();
  useEffect(() => {
    if (code === undefined) return;
    exchangeLoginCode(code)
      .then(logIn)
      .catch((error: unknown) => {
        if (!(error instanceof ApiProblem)) throw error;
        setRefusal(whyNot(error));
      })
      .finally(() => setTrying(false));
  }, []);
  return (
    <main class="login">
      <h1>Symbolon</h1>
      {trying ? <p role="status">Logging in …</p> : <LoginForm refusal={refusal} />}
    </main>
  );
}

/** Asks for an admin token. A refused one stays in the field, with the reason. */
export function LoginForm({ refusal: first }: { readonly refusal?: string }) {
  const { logIn } = useSession();
  const [token, setToken] = useState('');
  const [refusal, setRefusal] = useState(first);
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    setBusy(true);
    try {
      await logIn(token.trim());
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setRefusal(error.detail);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void submit();
      }}
    >
      <Field
        label="Admin token"
        name="token"
        secret
        value={token}
        error={refusal}
        onValue={setToken}
        autofocus
        required
      />
      <button class="primary" type="submit" aria-busy={busy}>
        Log in
      </button>
      <p class="hint">
        <code>symbolon admin-token</code> prints one, with the settings of the server. It is kept in this page
        alone: closing or reloading the page forgets it.
      </p>
    </form>
  );
}

function whyNot({ status, detail }: ApiProblem): string {
  return status === 400
    ? 'This address was used before, or is older than 5 minutes. Start the demo again, or paste a token.'
    : detail;
}
