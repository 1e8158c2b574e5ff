import { hashToken } from './access-token.js';
import type { AuditAction, NewAuditEvent } from './audit.js';
import type { Clock } from './clock.js';
import type { Directory } from './directory.js';
import type { Realm } from './realm.js';
import type { ResourceOwner } from './resource-owner.js';
import type { LiveSession, Session, SessionStore } from './session.js';
import type { TokenCodec } from './token-codec.js';
import type { RequestOrigin } from './token-request.js';
import { endAfter, hasEnded } from './token-time.js';

/** What a new session needs besides its subjects. */
interface Beginning {
  /** The value of the browser's session before; undefined for none. */
  readonly replaced?: string;
  readonly origin: RequestOrigin;
}

/** Begins, finds and ends the sessions of signed-in resource owners. */
export class Sessions {
  /** @param lifetime of a session from the sign-in, in whole seconds */
  constructor(
    private readonly store: SessionStore,
    private readonly directory: Directory,
    private readonly codec: TokenCodec,
    private readonly clock: Clock,
    private readonly lifetime: number,
  ) {}

  /**
   * Begins the session of a resource owner whose password was right; the browser's session before ends.
   * @param realm as it was read before the password was checked, and so the resource owner
   * @returns the session's value: `sys_`, 43 random characters, and the tag
   * @throws StoreUnavailable with nothing changed
   */
  async begin(realm: Realm, resourceOwner: ResourceOwner, { replaced, origin }: Beginning): Promise<string> {
    const value = this.codec.mint('sys_');
    const authenticatedAt = this.clock.now();
    const session: Session = {
      hash: hashToken(value),
      realm: realm.path,
      username: resourceOwner.username,
      epochs: { realm: realm.epoch, resourceOwner: resourceOwner.epoch },
      authenticatedAt,
      expiresAt: endAfter(authenticatedAt, this.lifetime),
    };
    const before = replaced === undefined ? undefined : hashToken(replaced);
    await this.store.begin(session, before, this.event('user.signed_in', session, origin));
    return value;
  }

  /**
   * Finds a session by its value. It ends with its time, and by a new epoch of its realm or resource owner.
   * @returns undefined when there is none or it has ended
   * @throws StoreUnavailable
   */
  async find(value: string): Promise<LiveSession | undefined> {
    if (!this.codec.mayBeOurs(value, 'sys_')) return undefined;
    const session = await this.store.find(hashToken(value));
    if (!session || hasEnded(session.expiresAt, this.clock.now())) return undefined;
    const { epochs, username } = session;
    const realm = await this.directory.findRealm(session.realm, epochs.realm);
    const owner = await this.directory.findResourceOwner(session.realm, username, epochs.resourceOwner);
    if (!realm?.enabled || realm.epoch !== epochs.realm) return undefined;
    if (!owner?.enabled || owner.epoch !== epochs.resourceOwner) return undefined;
    return { session, realm, resourceOwner: owner };
  }

  /**
   * Ends a session; tokens live on. A value that is no session's changes nothing.
   * @throws StoreUnavailable with nothing changed
   */
  async end(value: string, origin: RequestOrigin): Promise<void> {
    if (!this.codec.mayBeOurs(value, 'sys_')) return;
    const session = await this.store.find(hashToken(value));
    if (session) await this.store.end(session.hash, this.event('user.signed_out', session, origin));
  }

  /** @param maxAge whole seconds; 0 for a sign-in of now alone, undefined for any */
  isOlderThan({ session }: LiveSession, maxAge: number | undefined): boolean {
    if (maxAge === undefined) return false;
    return maxAge === 0 || this.clock.now() - session.authenticatedAt > maxAge * 1000;
  }

  private event(action: AuditAction, { realm, username }: Session, origin: RequestOrigin): NewAuditEvent {
    const actor = { kind: 'user', name: username, ...origin } as const;
    return { at: this.clock.now(), actor, action, realm, name: username };
  }
}
