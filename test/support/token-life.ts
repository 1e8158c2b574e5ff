import { isDeepStrictEqual } from 'node:util';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { TestApp } from './app.js';
import { client, type ClientFields, configuration, publicClient, type UserFields } from './configuration.js';
import { type Answer, ask, type Ask } from './exchange.js';
import { storedTokens, type StoredTokens } from './stored-tokens.js';
import { type Form, formType, refusal } from './token-endpoint.js';
import { askAxway } from './tokeninfo.js';

/** The tokens that the token endpoint issues together. */
export interface Pair {
  readonly access: string;
  /** Undefined when none was issued. */
  readonly refresh?: string;
}

/** The form parameters that authenticate a client. */
export type Credentials = Readonly<Record<string, string>>;

/** The credentials of this client, with the secret that `client()` sets. */
export function credentials(clientId: string): Credentials {
  return { client_id: clientId, client_secret: 'app-secret' };
}

/**
 * The root realm has clients of every refresh policy, `/alpha` has the clients `app` and `other`, and both
 * have the user `ann`.
 */
export function lifeConfiguration(app: ClientFields = {}, ann: UserFields = {}): string {
  const users = [{ username: 'ann', password: 'ann-password', ...ann }];
  const clients = [client(app), client({ client_id: 'other' })];
  return configuration({
    '/': {
      auth_level: 7,
      users,
      clients: [
        ...clients,
        client({ client_id: 'graceful', refresh_retry: 'graceful' }),
        client({ client_id: 'none', refresh: 'none' }),
        client({ client_id: 'preserve', refresh: 'preserve' }),
        client({ client_id: 'no-refresh', grant_types: ['password'] }),
        publicClient({ client_id: 'public', grant_types: ['password', 'refresh_token'] }),
      ],
    },
    '/alpha': { users, clients },
  });
}

/** Requests, refreshes and revokes tokens over HTTP, as their client does. */
export class TokenLife {
  constructor(readonly app: TestApp) {}

  /** Starts an application with `lifeConfiguration`, except as stated. */
  static async start(
    options: { settings?: Readonly<Record<string, string>>; configuration?: string } = {},
  ): Promise<TokenLife> {
    const app = await TestApp.start({
      configuration: lifeConfiguration(),
      hasher: new FastHasher(),
      ...options,
    });
    return new TokenLife(app);
  }

  /** Posts a form. */
  post(path: string, form: Form, headers: Ask['headers'] = {}): Promise<Answer> {
    const body =
      typeof form === 'string' || Buffer.isBuffer(form) ? form : new URLSearchParams(form).toString();
    return ask(this.app, { path, body, headers: { 'content-type': formType, ...headers } });
  }

  /** Requests tokens for `ann` by the password grant. */
  async login(clientId = 'app', more: { scope?: string; realm?: string } = {}): Promise<Required<Pair>> {
    const { scope = 'read write', realm = '' } = more;
    const form = { grant_type: 'password', username: 'ann', password: 'ann-password', scope };
    const answer = await this.post(`/oauth2${realm}/access_token`, { ...form, ...credentials(clientId) });
    return pairOf(answer) as Required<Pair>;
  }

  /** Requests new tokens with a refresh token. */
  refresh(token: string, clientId = 'app', more: Credentials = {}): Promise<Answer> {
    const form = { grant_type: 'refresh_token', refresh_token: token, ...credentials(clientId), ...more };
    return this.post('/oauth2/access_token', form);
  }

  /** Requests new tokens with a refresh token, and expects them to be granted. */
  async refreshed(token: string, clientId = 'app', more: Credentials = {}): Promise<Required<Pair>> {
    return pairOf(await this.refresh(token, clientId, more)) as Required<Pair>;
  }

  /** Requests the revocation of a token. */
  revoke(token: string, clientId = 'app', more: Credentials = {}): Promise<Answer> {
    return this.post('/oauth2/token/revoke', { token, ...credentials(clientId), ...more });
  }

  /** Which of these access tokens are active, whatever their realm. */
  async live(...tokens: string[]): Promise<boolean[]> {
    const answers = await Promise.all(tokens.map((token) => askAxway(this.app, `access_token=${token}`)));
    return answers.map(({ status }) => status === 200);
  }

  /** All stored rows about tokens. A refused request must not change them. */
  kept(): Promise<StoredTokens> {
    return storedTokens(this.app);
  }

  /** The answer to a request, and whether the request has changed any stored row about tokens. */
  async unchangedBy(act: () => Promise<Answer>): Promise<Answer & { readonly changed: boolean }> {
    const before = await this.kept();
    const answer = await act();
    return { ...answer, changed: !isDeepStrictEqual(await this.kept(), before) };
  }

  stop(): Promise<void> {
    return this.app.stop();
  }
}

/** The tokens of a successful answer. */
export function pairOf(answer: Answer): Pair {
  expect(answer.status).toBe(200);
  const { access_token: access, refresh_token: refresh } = JSON.parse(answer.body) as Record<string, string>;
  return { access, refresh };
}

/** The answer to every invalid refresh token, RFC 6749 §5.2. */
export const invalidRefreshToken = refusal('invalid_grant', 'The refresh token is invalid.');
