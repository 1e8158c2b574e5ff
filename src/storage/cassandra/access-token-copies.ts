import type { ChangeFeed } from '../../domain/change-feed.js';
import type { Clock } from '../../domain/clock.js';
import { type AccessTokenCopy, type CopyCounts, nothingCopied } from '../../domain/token-copy.js';
import type { RecordedRevocation } from '../../domain/token-record.js';
import {
  endMark,
  findRow,
  insertIntoUsersList,
  isWhole,
  revocationMark,
  type WholeAccessTokenRow,
} from './access-tokens.js';
import { Deadline } from './deadline.js';
import { accessMember } from './family-members.js';
import { findFamilyRow } from './family-revocation.js';
import { inParallel } from './in-parallel.js';
import { untilAvailable } from './patience.js';
import type { CassandraSession, CqlStatement } from './session.js';
import { timeToLive } from './time-to-live.js';
import { accessTokenColumns, accessTokenValues } from './token-rows.js';

/** How long one token is tried again, in milliseconds. */
const timeoutMs = 30_000;

const [hashColumn, ...otherColumns] = accessTokenColumns;

/** A row may have marks before it has a token, so that `IF NOT EXISTS` would not do. */
const copyToken: CqlStatement = {
  name: 'copy_access_token',
  cql: `UPDATE access_token USING TTL ? SET ${otherColumns.map((name) => `${name} = ?`).join(', ')}
    WHERE ${hashColumn} = ? IF realm = null`,
};

/** What became of a token; the last two are revoked tokens of which the nodes must be notified. */
type Outcome = 'added' | 'there' | 'revoked' | 'unended';

/** Adds access tokens of another store. */
export class AccessTokenCopies {
  /** @param feed notifies all nodes of revocations */
  constructor(
    private readonly session: CassandraSession,
    private readonly feed: ChangeFeed,
    private readonly clock: Clock,
  ) {}

  async add(copies: readonly AccessTokenCopy[]): Promise<CopyCounts> {
    const outcomes = await inParallel(copies, (copy) => {
      const deadline = new Deadline(timeoutMs);
      return untilAvailable(deadline, () => this.addOne(copy, deadline));
    });
    await this.end(copies.filter((_, index) => ['revoked', 'unended'].includes(outcomes[index])));
    const count = (outcome: Outcome) => outcomes.filter((each) => each === outcome).length;
    const added = count('added');
    return {
      ...nothingCopied,
      accessTokens: added,
      alreadyThere: copies.length - added,
      revoked: count('revoked'),
    };
  }

  /** The token itself comes last: where it is there, so is the rest. It is never there without its revocation. */
  private async addOne({ token, revocation }: AccessTokenCopy, deadline: Deadline): Promise<Outcome> {
    const { hash, expiresAt } = token;
    const row = await findRow(this.session, hash);
    if (isWhole(row)) return this.takeOver(row, revocation);
    const now = this.clock.now();
    if (token.family) await this.session.write(accessMember(token, token.family, now));
    const known = revocation ?? (await this.revocationOf(token.family));
    if (known) {
      const { at = now, by } = known;
      await this.session.write(revocationMark(hash, expiresAt, { at, by }, now));
      await this.session.write(endMark(hash, expiresAt, now));
    }
    await insertIntoUsersList(this.session, token, now);
    const [, ...values] = accessTokenValues(token);
    const act = [copyToken, [timeToLive(expiresAt, now), ...values, hash]] as const;
    // Not applied: an earlier try was.
    await this.session.decide(copyToken.name, [act], deadline);
    return 'added';
  }

  private async takeOver(
    { hash, expires_at, revoked, revoked_at, ended_at }: WholeAccessTokenRow,
    revocation: RecordedRevocation | undefined,
  ): Promise<Outcome> {
    if (revoked) return revoked_at && !ended_at ? 'unended' : 'there';
    if (!revocation) return 'there';
    const now = this.clock.now();
    const { at = now, by } = revocation;
    await this.session.write(revocationMark(hash, expires_at.getTime(), { at, by }, now));
    return 'revoked';
  }

  /** A family that was revoked here before this token of it came. The token is a member already, as for `finish`. */
  private async revocationOf(family: string | undefined): Promise<RecordedRevocation | undefined> {
    const row = family === undefined ? undefined : await findFamilyRow(this.session, family);
    return row?.revoked_at ? { at: row.revoked_at.getTime(), by: 'family' } : undefined;
  }

  private async end(copies: readonly AccessTokenCopy[]): Promise<void> {
    if (copies.length === 0) return;
    await this.feed.publish({ accessTokens: copies.map(({ token }) => token.hash) });
    const now = this.clock.now();
    await inParallel(copies, ({ token }) => this.session.write(endMark(token.hash, token.expiresAt, now)));
  }
}
