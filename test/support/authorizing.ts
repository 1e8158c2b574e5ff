import { type AuthorizationAttempt, AuthorizationEndpoint } from '../../src/domain/authorization-endpoint.js';
import type { AuthorizationOutcome } from '../../src/domain/authorization-outcome.js';
import type { AuthorizationRequest } from '../../src/domain/authorization-request.js';
import { Directory } from '../../src/domain/directory.js';
import { challengeOf } from '../../src/domain/pkce.js';
import type { Realm } from '../../src/domain/realm.js';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { TestApp, type TestAppOptions } from './app.js';
import { client, type ClientFields, configuration, publicClient } from './configuration.js';

/** The sample of RFC 7636 appendix B. */
export const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';

export const callback = 'https://client.example/callback';

/** A request of the client `app`, with a challenge. */
export const goodRequest: Parameters = {
  response_type: 'code',
  client_id: 'app',
  redirect_uri: callback,
  code_challenge: challengeOf(verifier),
  code_challenge_method: 'S256',
  state: 'state-1',
};

/** Parameters by their names on the wire; undefined for one that is not sent. */
export type Parameters = Readonly<Record<string, string | undefined>>;

/** The clients of a realm: `app` has the consent of its users, `asking` asks for it. */
export const signInClients: readonly ClientFields[] = [
  client({ consent: 'implied' }),
  client({ client_id: 'asking', redirect_uris: [callback, 'https://client.example/other'] }),
  client({ client_id: 'optional', pkce: 'optional', consent: 'implied' }),
  client({ client_id: 'unrefreshed', grant_types: ['authorization_code'], consent: 'implied' }),
  client({ client_id: 'password', grant_types: ['password'] }),
  client({ client_id: 'off', enabled: false }),
  publicClient({
    client_id: 'public',
    grant_types: ['authorization_code', 'refresh_token'],
    redirect_uris: ['http://127.0.0.1/callback', callback],
  }),
];

const users = [
  { username: 'ann', password: 'ann-password' },
  { username: 'bob', password: 'bob-password' },
];

/** The root realm and `/alpha`, with the same clients and users. */
export function signInConfiguration(clients = signInClients): string {
  return configuration({ '/': { auth_level: 7, clients, users }, '/alpha': { clients, users } });
}

/** What a browser sends besides the request. */
export type Sent = Partial<Pick<AuthorizationAttempt, 'session' | 'posted' | 'origin'>> & {
  readonly realm?: string;
};

/** Asks the authorization endpoint of an application as HTTP does. */
export class Authorizing {
  constructor(readonly app: TestApp) {}

  static async start(options: TestAppOptions = {}): Promise<Authorizing> {
    const app = await TestApp.start({
      configuration: signInConfiguration(),
      hasher: new FastHasher(),
      ...options,
    });
    return new Authorizing(app);
  }

  /** Sends `goodRequest`, except as stated. */
  async attempt(parameters: Parameters = {}, more: Sent = {}): Promise<AuthorizationOutcome> {
    const { realm = '/', ...sent } = more;
    return this.app.nest.get(AuthorizationEndpoint).answer({
      realm: await this.realm(realm),
      request: requestOf({ ...goodRequest, ...parameters }),
      origin: { address: '192.0.2.1', correlationId: '00000000-0000-4000-8000-000000000000' },
      ...sent,
    });
  }

  /** Signs a user in, and returns the value of the session. */
  async signIn(more: Omit<Sent, 'posted'> & { username?: string } = {}): Promise<string> {
    const { username = 'ann', ...rest } = more;
    const posted = { form: 'login', username, password: `${username}-password` } as const;
    const outcome = await this.attempt({}, { ...rest, posted });
    if (outcome.kind !== 'signed_in') throw new Error(`not signed in: ${outcome.kind}`);
    return outcome.session;
  }

  /** Gets a code for `ann`, who allows what is asked. */
  async code(parameters: Parameters = {}, more: Sent = {}): Promise<string> {
    const session = more.session ?? (await this.signIn({ realm: more.realm }));
    const posted = { form: 'consent', decision: 'allow' } as const;
    const outcome = await this.attempt(parameters, { posted, ...more, session });
    if (outcome.kind !== 'code') throw new Error(`no code: ${outcome.kind}`);
    return outcome.code;
  }

  private async realm(path: string): Promise<Realm> {
    const realm = await this.app.nest.get(Directory).findRealm(path);
    if (!realm) throw new Error('no such realm');
    return realm;
  }
}

/** Reads a request as HTTP does. */
export function requestOf(parameters: Parameters): AuthorizationRequest {
  return {
    responseType: parameters.response_type,
    clientId: parameters.client_id,
    redirectUri: parameters.redirect_uri,
    scope: parameters.scope,
    state: parameters.state,
    codeChallenge: parameters.code_challenge,
    codeChallengeMethod: parameters.code_challenge_method,
    responseMode: parameters.response_mode,
    prompt: parameters.prompt,
    maxAge: parameters.max_age,
    loginHint: parameters.login_hint,
    request: parameters.request,
    requestUri: parameters.request_uri,
    parameter: (name) => parameters[name],
  };
}
