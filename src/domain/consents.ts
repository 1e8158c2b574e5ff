import type { AuditLog, NewAuditEvent } from './audit.js';
import type { CheckedRequest, ReturnAddress } from './authorization-request.js';
import type { Client } from './client.js';
import type { Clock } from './clock.js';
import { type ConsentStore, covers, mayGoUnasked } from './consent.js';
import { OAuthError } from './oauth-error.js';
import type { LiveSession } from './session.js';
import type { RequestOrigin } from './token-request.js';

/** A request of which only the consent is open. */
export interface ConsentStep {
  readonly client: Client;
  readonly to: ReturnAddress;
  readonly checked: CheckedRequest;
  readonly live: LiveSession;
  readonly origin: RequestOrigin;
}

/** What the user decided. */
export interface Decision {
  readonly decision?: string;
  readonly saveConsent?: string;
}

/** Asks resource owners whether a client may have what it requests, and remembers what they agreed to. */
export class Consents {
  constructor(
    private readonly store: ConsentStore,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * Whether the user must be asked: always where the request says so, else unless the client's consent is implied or
   * remembered for every scope token.
   * @throws StoreUnavailable
   */
  async mustAsk({ client, to, checked, live }: ConsentStep): Promise<boolean> {
    if (checked.prompts.includes('consent') || !this.maySave(client, to)) return true;
    if (client.consent === 'implied') return false;
    return !covers(await this.store.find(subjectOf(client, live)), checked.scope);
  }

  /** Whether a remembered consent would count for this client there. */
  maySave(client: Client, { redirectUri }: ReturnAddress): boolean {
    return mayGoUnasked(client, redirectUri);
  }

  /**
   * Takes the user's decision.
   * @throws OAuthError `access_denied` unless it is `allow`
   * @throws StoreUnavailable with nothing changed
   */
  async decide({ posted, ...step }: ConsentStep & { readonly posted: Decision }): Promise<void> {
    if (posted.decision?.toLowerCase() !== 'allow') {
      throw new OAuthError('access_denied', 'The user refused.');
    }
    const { client, to, checked, live } = step;
    const saved = posted.saveConsent === 'on' && this.maySave(client, to);
    const event = this.granted(step, saved);
    if (!saved) return this.audit.append(event);
    const { scope } = checked;
    await this.store.remember({ ...subjectOf(client, live), scope, grantedAt: event.at }, event);
  }

  private granted({ client, checked, live, origin }: ConsentStep, saved: boolean): NewAuditEvent {
    return {
      at: this.clock.now(),
      actor: { kind: 'user', name: live.resourceOwner.username, ...origin },
      action: 'consent.granted',
      realm: client.realm,
      name: client.clientId,
      changes: { scope: checked.scope, saved },
    };
  }
}

function subjectOf({ realm, clientId }: Client, { resourceOwner: { username } }: LiveSession) {
  return { realm, username, clientId };
}
