import type { DialectAnswers, Explanation, Question } from '../../src/domain/explanation.js';
import { TokenExplainer } from '../../src/domain/token-explainer.js';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { TestApp, type TestAppOptions } from './app.js';
import {
  client,
  type ClientFields,
  configuration,
  type RealmFields,
  type UserFields,
} from './configuration.js';
import type { Answer } from './exchange.js';
import { members, postForm } from './token-endpoint.js';
import { askAxway, askForgeRock } from './tokeninfo.js';

/** The client that introspects unless a test names another. */
export const inspector = { realm: '/', clientId: 'inspector' };

/** What a test changes of the realm `/alpha`. */
export interface Change {
  readonly realm?: RealmFields;
  readonly app?: ClientFields;
  readonly ann?: UserFields;
}

/**
 * `/alpha` has the client `app` and the user `ann`; the clients `own` and `neighbour` introspect their own tokens and
 * those of their realm. `/beta` has a client and the same user's name, the root realm has the `inspector`.
 */
export function registry({ realm, app, ann }: Change = {}): string {
  const users = [{ username: 'ann', password: 'ann-password', ...ann }];
  const clients = [
    client({ access_token_lifetime: 60, refresh_token_lifetime: 120, ...app }),
    client({ client_id: 'own' }),
    client({ client_id: 'neighbour', introspect: 'realm' }),
    client({ client_id: 'graceful', refresh_retry: 'graceful' }),
  ];
  return configuration({
    '/': {
      clients: [
        client({ client_id: 'inspector', introspect: 'all' }),
        client({ client_id: 'disabled', introspect: 'all', enabled: false }),
        client({ client_id: 'rootling', introspect: 'realm' }),
      ],
    },
    '/alpha': realm?.state === 'absent' ? realm : { clients, users, ...realm },
    '/beta': {
      clients: [client({ client_id: 'app' })],
      users: [{ username: 'ann', password: 'ann-password' }],
    },
  });
}

/** The tokens that the token endpoint issues together. */
interface Pair {
  readonly access: string;
  readonly refresh: string;
}

/** An application whose tokens are asked for by resource servers, and explained. */
export class ExplainedApp {
  /** Values of the tokens that were issued. */
  readonly issued: string[] = [];
  /** Everything that was explained, as JSON. */
  readonly told: string[] = [];

  private constructor(readonly app: TestApp) {}

  static async start(settings: TestAppOptions['settings'] = {}): Promise<ExplainedApp> {
    const app = await TestApp.start({ settings, configuration: registry(), hasher: new FastHasher() });
    return new ExplainedApp(app);
  }

  async explain(question: Partial<Question> & Pick<Question, 'about'>): Promise<Explanation> {
    const explanation = await this.app.nest.get(TokenExplainer).explain({ within: '/', ...question });
    this.told.push(JSON.stringify(explanation));
    return explanation;
  }

  /** Requests tokens of `/alpha` for `ann`, or for the client itself. */
  async login(clientId = 'app', realm = '/alpha', secret = 'app-secret'): Promise<Pair> {
    return this.token(realm, {
      ...{ grant_type: 'password', username: 'ann', password: 'ann-password', scope: 'read' },
      ...{ client_id: clientId, client_secret: secret },
    });
  }

  async machine(realm = '/alpha'): Promise<string> {
    const form = { grant_type: 'client_credentials', client_id: 'app', client_secret: 'app-secret' };
    return (await this.token(realm, form)).access;
  }

  refresh(token: string, clientId = 'app'): Promise<Answer> {
    const form = { grant_type: 'refresh_token', refresh_token: token };
    return postForm(this.app, '/oauth2/alpha/access_token', {
      ...form,
      ...{ client_id: clientId, client_secret: 'app-secret' },
    });
  }

  revoke(token: string): Promise<Answer> {
    return postForm(this.app, '/oauth2/alpha/token/revoke', {
      token,
      ...{ client_id: 'app', client_secret: 'app-secret' },
    });
  }

  /** What the endpoints answer, as an explanation shows it: without the token's value. */
  async realAnswers(token: string, { realm, caller = inspector }: Partial<Question>): Promise<unknown> {
    const axway = await askAxway(this.app, new URLSearchParams({ access_token: token }).toString());
    const named = realm === undefined ? '' : `?realm=${realm}`;
    const forgerock = await askForgeRock(this.app, token, `/oauth2/tokeninfo${named}`);
    const credentials = { client_id: caller.clientId, client_secret: 'app-secret' };
    const introspect = `/oauth2/introspect?realm=${caller.realm}`;
    const rfc7662 = await postForm(this.app, introspect, { token, ...credentials });
    return { axway: shown(axway, token), forgerock: shown(forgerock, token), rfc7662: shown(rfc7662, token) };
  }

  private async token(realm: string, form: Readonly<Record<string, string>>): Promise<Pair> {
    const answer = members(await postForm(this.app, `/oauth2${realm}/access_token`, form));
    const { access_token: access, refresh_token: refresh } = answer;
    this.issued.push(...[access, refresh].filter((token) => token !== undefined));
    return { access, refresh };
  }
}

function shown({ status, headers, body }: Answer, token: string): unknown {
  const masked = /^sy[ar]_.{54}$/.test(token) ? `${token.slice(0, 8)}…` : '…';
  return { status, headers, body: JSON.parse(body.replaceAll(token, masked)) as unknown };
}

/** The answers of an explanation in the form of `realAnswers`. */
export function toldAnswers(answers: DialectAnswers): unknown {
  return Object.fromEntries(
    Object.entries(answers).map(([dialect, { status, headers, body }]) => [
      dialect,
      { status, headers: lowerCase(headers), body },
    ]),
  );
}

function lowerCase(headers: Readonly<Record<string, string>>): unknown {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
