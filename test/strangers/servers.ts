import { type AppBehindWire, startBehindWire } from '../support/app-behind-wire.js';
import { client, configuration } from '../support/configuration.js';
import { callback } from '../support/sign-in.js';
import { fileSettings, ServerProcess } from '../support/server-process.js';

/** The secret of the client `app`. Libraries disagree whether HTTP Basic carries it form-encoded: RFC 6749 §2.3.1. */
export const secret = 's3cret+%41/&=';
/** The user's name and password. */
export const login = ['zoë', 'пароль&=+%41'] as const;

const realms = configuration({
  '/alpha': {
    clients: [client({ client_secret: secret, client_secret_hash: undefined, redirect_uris: [callback] })],
    users: [{ username: login[0], password: login[1] }],
  },
});

/** The built server; and one with a stopped clock, whose store can be taken away. Both have the same realm. */
export class Servers {
  private constructor(
    private readonly process: ServerProcess,
    private readonly behindWire: AppBehindWire,
  ) {}

  static async start(): Promise<Servers> {
    const [process, behindWire] = await Promise.all([
      fileSettings(realms).then((settings) => ServerProcess.start(settings)),
      // No cache, so that it has to ask its store for every token.
      startBehindWire({ configuration: realms, settings: { CACHE_ENTRIES: '0' } }),
    ]);
    return new Servers(process, behindWire);
  }

  /** Base URL of the built server. */
  get url(): string {
    return this.process.url;
  }

  /** Base URL of the server with the stopped clock. */
  get clockedUrl(): string {
    return this.behindWire.app.url;
  }

  /** A token of the client `app`, which lives for an hour. */
  async token(url: string, scope: string): Promise<string> {
    const form = { grant_type: 'client_credentials', scope, client_id: 'app', client_secret: secret };
    const { access_token: token } = (await this.post(url, 'access_token', form)) as { access_token: string };
    return token;
  }

  async revoke(url: string, token: string): Promise<void> {
    await this.post(url, 'token/revoke', { token, client_id: 'app', client_secret: secret });
  }

  /** A token of the server with the stopped clock that has just expired. */
  async expiredToken(): Promise<string> {
    const token = await this.token(this.clockedUrl, 'read');
    this.behindWire.app.clock.advance(3_600_000);
    return token;
  }

  /** Runs an act while the server with the stopped clock does not reach its store. */
  async withoutStore<Result>(act: () => Promise<Result>): Promise<Result> {
    await this.behindWire.database.refuse();
    try {
      return await act();
    } finally {
      await this.behindWire.database.restore();
    }
  }

  /** Stops the built server: its port refuses connections. Returns its base URL. */
  async stopBuilt(): Promise<string> {
    const { url } = this;
    await this.process.kill('SIGTERM');
    return url;
  }

  async stop(): Promise<void> {
    await this.behindWire.stop();
    await ServerProcess.endAll();
  }

  private async post(
    url: string,
    endpoint: string,
    form: Readonly<Record<string, string>>,
  ): Promise<unknown> {
    const body = new URLSearchParams(form);
    const response = await fetch(`${realmOf(url)}/${endpoint}`, { method: 'POST', body });
    expect(response.status).toBe(200);
    return response.json();
  }
}

/** URL of the realm's endpoints at a server. */
export function realmOf(url: string): string {
  return `${url}/am/oauth2/realms/root/realms/alpha`;
}
