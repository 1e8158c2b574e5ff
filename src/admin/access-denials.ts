import type { AuditLog } from '../domain/audit.js';
import type { Clock } from '../domain/clock.js';
import { PerMinute } from '../domain/per-minute.js';
import type { Faults } from '../observability/faults.js';

/** A request of the operator's listener whose token was refused. */
interface AccessDenial {
  /** Path of the token's realm, and its client; undefined for a token that is not active. */
  readonly realm?: string;
  readonly clientId?: string;
  readonly correlationId?: string;
  /** Network address that the request came from. */
  readonly address?: string;
  /** SHA-256 of the token in base64url; only of a token that may be one of ours. */
  readonly tokenId?: string;
}

/** A process records this many denials in a minute: callers decide how many there are. */
const maxDenials = 10;

/** Records denials as audit events, `access.denied`. */
export class AccessDenials {
  private readonly denials: PerMinute;

  constructor(
    private readonly audit: AuditLog,
    private readonly clock: Clock,
    private readonly faults: Faults,
  ) {
    this.denials = new PerMinute(clock, maxDenials);
  }

  /** Records a denial, unless the limit is reached. A store that is unavailable is logged: the refusal stands. */
  async record({ realm, clientId, correlationId, address, tokenId }: AccessDenial): Promise<void> {
    if (!this.denials.admit()) return;
    try {
      await this.audit.append({
        at: this.clock.now(),
        actor: { kind: 'token', name: clientId ?? '', correlationId, address },
        action: 'access.denied',
        realm,
        tokenId,
      });
    } catch (error) {
      this.faults.note(error);
    }
  }
}
