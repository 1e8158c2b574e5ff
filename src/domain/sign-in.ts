import type { AuditLog } from './audit.js';
import type { Clock } from './clock.js';
import type { Directory } from './directory.js';
import { OAuthError } from './oauth-error.js';
import { PerMinute } from './per-minute.js';
import type { Realm } from './realm.js';
import type { ResourceOwnerAuthenticator } from './resource-owner-authenticator.js';
import type { Sessions } from './sessions.js';
import type { RequestOrigin } from './token-request.js';
import { findPresented } from './username.js';

/** What a user typed into the login form. */
export interface Credentials {
  readonly realm: Realm;
  readonly username: string;
  readonly password: string;
  /** The value of the browser's session before, which ends; undefined for none. */
  readonly replaced?: string;
  readonly origin: RequestOrigin;
}

/** A process records this many refusals in a minute: callers decide how many there are. */
const maxRefusals = 10;

/** Signs a resource owner in by password, and records it. */
export class SignIn {
  private readonly refusals: PerMinute;

  constructor(
    private readonly authenticator: ResourceOwnerAuthenticator,
    private readonly sessions: Sessions,
    private readonly directory: Directory,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {
    this.refusals = new PerMinute(clock, maxRefusals);
  }

  /**
   * Begins a session.
   * @returns its value; undefined when the credentials are refused
   * @throws TooManyAttempts, Overloaded, StoreUnavailable
   */
  async begin(credentials: Credentials): Promise<string | undefined> {
    const { realm, username, password, replaced, origin } = credentials;
    try {
      const resourceOwner = await this.authenticator.authenticate(realm, username, password, origin.address);
      return await this.sessions.begin(realm, resourceOwner, { replaced, origin });
    } catch (error) {
      if (!(error instanceof OAuthError && error.code === 'invalid_grant')) throw error;
      await this.recordRefusal(credentials);
      return undefined;
    }
  }

  /** An unknown name is not recorded: it may be a password that was typed into the wrong field. */
  private async recordRefusal({ realm, username, origin }: Credentials): Promise<void> {
    if (!this.refusals.admit()) return;
    const { username: name = '' } = (await findPresented(this.directory, realm, username)) ?? {};
    await this.audit.append({
      at: this.clock.now(),
      actor: { kind: 'user', name, ...origin },
      action: 'user.sign_in_refused',
      realm: realm.path,
      name: name === '' ? undefined : name,
    });
  }
}
