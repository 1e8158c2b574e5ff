import { type ComponentChildren, createContext } from 'preact';
import { useContext, useMemo, useState } from 'preact/hooks';
import type { Caller } from '../api/answers.js';
import { ApiClient } from '../api/client.js';

/** Who uses the dashboard. The token is in a variable of this page alone, and ends with it. */
export interface Session {
  readonly api: ApiClient;
  /** Undefined before the login. */
  readonly caller?: Caller;
  /** Whether the server does not accept the token any more. What is shown stays until another one is given. */
  readonly tokenRefused: boolean;
  /**
   * Uses this token from now on.
   * @throws ApiProblem for a token that may not look
   */
  readonly logIn: (token: string) => Promise<void>;
  /** Forgets the token. */
  readonly logOut: () => void;
}

interface State {
  readonly token?: string;
  readonly caller?: Caller;
  readonly refused: boolean;
}

const SessionContext = createContext<Session | undefined>(undefined);

export function SessionProvider({ children }: { readonly children: ComponentChildren }) {
  const [{ token, caller, refused }, setState] = useState<State>({ refused: false });
  const api = useMemo(
    () =>
      new ApiClient(token, () =>
        // A late answer to a request with the token before says nothing about this one.
        setState((state) => (state.token === token ? { ...state, refused: true } : state)),
      ),
    [token],
  );
  const session: Session = {
    api,
    caller,
    tokenRefused: refused,
    async logIn(given) {
      const { body } = await new ApiClient(given).get<Caller>('/admin/v1/caller');
      setState({ token: given, caller: body, refused: false });
    },
    logOut: () => setState({ refused: false }),
  };
  return <SessionContext.Provider value={session}>{children}</SessionContext.Provider>;
}

/** The session of the page. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('There is no session here.');
  return session;
}
