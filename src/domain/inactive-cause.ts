import type { AuditAction, AuditedSubject, AuditEvent, AuditLog, SubjectKind } from './audit.js';
import type { Doer } from './explanation.js';
import type { InactiveReason } from './inactive.js';
import type { StoredToken } from './stored-token.js';
import type { TokenRecords } from './token-record.js';

/** How a subject of a token has made it inactive. */
type SubjectState = 'disabled' | 'gone' | 'ended';

/** When and by whom a token was made inactive; undefined members are not known. */
export interface InactiveCause {
  /** Milliseconds since 1970. */
  readonly since?: number;
  readonly by?: Doer;
  /** Whether it was revoked together with its family. */
  readonly withFamily?: boolean;
}

/** Finds out when and by whom a stored token was made inactive. */
export class InactiveCauses {
  constructor(
    private readonly records: TokenRecords,
    private readonly audit: AuditLog,
  ) {}

  /**
   * The cause of a token's own state, whatever realm was asked for.
   * @throws StoreUnavailable
   */
  async of(stored: StoredToken, reason: InactiveReason): Promise<InactiveCause> {
    if (reason === 'expired') return { since: stored.token.expiresAt };
    if (reason === 'revoked') return this.revocation(stored);
    const [, kind, state] = /^(realm|client|user)_(disabled|gone|ended)$/.exec(reason) ?? [];
    if (kind === undefined) return {};
    const event = await this.event(stored, kind as SubjectKind, state as SubjectState);
    return event ? { since: event.at, by: doerOf(event) } : {};
  }

  private async revocation({ kind, token, revocation }: StoredToken): Promise<InactiveCause> {
    const ofFamily =
      kind === 'access' && revocation?.by === 'family' && token.family !== undefined
        ? await this.records.findFamilyRevocation(token.family)
        : undefined;
    const { at: since, by } = ofFamily ?? revocation ?? {};
    const withFamily = kind === 'refresh' || revocation?.by === 'family';
    if (by === undefined) return { since, withFamily };
    return { since, by: { kind: by, name: by === 'client' ? token.clientId : undefined }, withFamily };
  }

  private event(
    { token }: StoredToken,
    kind: SubjectKind,
    state: SubjectState,
  ): Promise<AuditEvent | undefined> {
    const name = { realm: undefined, client: token.clientId, user: token.username }[kind];
    const subject = { realm: token.realm, name };
    if (state === 'disabled') return this.latest(subject, `${kind}.disabled`, `${kind}.enabled`);
    if (state === 'gone') return this.deletion(token, subject, kind);
    const { realm, client, resourceOwner = 0 } = token.epochs;
    return this.audit.firstAfter(kind, subject, { realm, client, user: resourceOwner }[kind]);
  }

  /** The newest of some events of a subject, if it has the first one's action. */
  private async latest(
    subject: AuditedSubject,
    action: AuditAction,
    ...others: AuditAction[]
  ): Promise<AuditEvent | undefined> {
    const event = await this.audit.latest([action, ...others], subject);
    return event?.action === action ? event : undefined;
  }

  /** A realm's deletion takes its clients and users with it. */
  private async deletion(
    { realm, issuedAt }: { readonly realm: string; readonly issuedAt: number },
    subject: AuditedSubject,
    kind: SubjectKind,
  ): Promise<AuditEvent | undefined> {
    const own = await this.latest(subject, `${kind}.deleted`, `${kind}.created`);
    const event =
      own ?? (kind === 'realm' ? undefined : await this.audit.latest(['realm.deleted'], { realm }));
    return event && event.at >= issuedAt ? event : undefined;
  }
}

function doerOf({ actor: { kind, name }, action }: AuditEvent): Doer {
  return { kind, name: name === '' ? undefined : name, action };
}

/** Why a token is not active, whatever a request is about; undefined for an active one, and a good refresh token. */
export function stateOf({ revocation, checked }: StoredToken): InactiveReason | undefined {
  if (revocation) return 'revoked';
  return checked.status === 'active' ? undefined : checked.reason;
}
