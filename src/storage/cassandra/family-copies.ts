import { hashKey } from '../../domain/access-token.js';
import type { ChangeFeed } from '../../domain/change-feed.js';
import type { Clock } from '../../domain/clock.js';
import type { RefreshToken } from '../../domain/refresh-token.js';
import {
  type CopyCounts,
  type FamilyCopy,
  nothingCopied,
  type RefreshTokenCopy,
  sumOf,
} from '../../domain/token-copy.js';
import type { RecordedRevocation } from '../../domain/token-record.js';
import { Deadline } from './deadline.js';
import { findRefreshToken, refreshTokenInsertion } from './family-members.js';
import { FamilyRevocations, findFamilyRow } from './family-revocation.js';
import { inParallel } from './in-parallel.js';
import { familyBegin, familyProlongation, findMemberRows, laterUses, memberUpdate } from './member-copies.js';
import { untilAvailable } from './patience.js';
import type { Act, CassandraSession } from './session.js';
import type { RefreshTokenRow } from './token-rows.js';

/** How long one family is tried again, in milliseconds. */
const timeoutMs = 30_000;

/** How many refresh tokens join their family in one transaction. */
const groupSize = 30;

/** What a group of refresh tokens changes in its family, as the family is now. */
interface Step {
  /** One transaction; empty where nothing is to be done. */
  readonly acts: readonly Act[];
  /** The rows that the new members need. */
  readonly rows: readonly Act[];
  readonly counts: CopyCounts;
}

/**
 * Adds families of another store. What a group of tokens changes in its family is one lightweight transaction, on the
 * condition that nothing has changed since the members were read; else they are read again.
 */
export class FamilyCopies {
  private readonly revocations: FamilyRevocations;

  /** @param feed notifies all nodes of revocations */
  constructor(
    private readonly session: CassandraSession,
    feed: ChangeFeed,
    private readonly clock: Clock,
  ) {
    this.revocations = new FamilyRevocations(session, feed, clock);
  }

  async add(copies: readonly FamilyCopy[]): Promise<CopyCounts> {
    const counts = await inParallel(copies, (copy) => {
      const deadline = new Deadline(timeoutMs);
      return untilAvailable(deadline, () => this.addOne(copy, deadline));
    });
    return sumOf(counts);
  }

  private async addOne(copy: FamilyCopy, deadline: Deadline): Promise<CopyCounts> {
    const { family, lastsUntil, revocation, refreshTokens } = copy;
    const row = await findFamilyRow(this.session, family);
    const endsAt = row?.ends_at?.getTime();
    const isThere = row !== undefined && endsAt !== undefined;
    // No token joins a family that is about to be revoked.
    if (revocation && isThere && !row.ended_at) await this.revoke(family, revocation);
    const isRevoked = revocation !== undefined && isThere && row.revoked_at === null;
    const isProlonged = isThere && endsAt < lastsUntil;
    const counts: CopyCounts[] = [];
    // A family without refresh tokens is one empty group.
    for (let from = 0; from === 0 || from < refreshTokens.length; from += groupSize) {
      const group = refreshTokens.slice(from, from + groupSize);
      counts.push(await this.addGroup(copy, group, isProlonged, deadline));
    }
    // A new family began as revoked; its access tokens were copied before.
    if (revocation && !isThere) await this.revoke(family, revocation);
    return sumOf([...counts, { ...nothingCopied, revoked: isRevoked ? 1 : 0 }]);
  }

  private async revoke(family: string, { at = this.clock.now(), by }: RecordedRevocation): Promise<void> {
    await this.revocations.revoke(family, { at, by });
  }

  private async addGroup(
    copy: FamilyCopy,
    group: readonly RefreshTokenCopy[],
    isProlonged: boolean,
    deadline: Deadline,
  ): Promise<CopyCounts> {
    let counts: CopyCounts | undefined;
    for (;;) {
      const step = await this.stepOf(copy, group, isProlonged);
      // What a later look finds there may come from this run.
      counts ??= step.counts;
      if (step.acts.length === 0) return counts;
      for (const row of step.rows) await this.session.write(row);
      const { applied } = await this.session.decide('copy_token_family', step.acts, deadline);
      if (applied) return counts;
    }
  }

  private async stepOf(
    copy: FamilyCopy,
    group: readonly RefreshTokenCopy[],
    isProlonged: boolean,
  ): Promise<Step> {
    const { family, lastsUntil } = copy;
    const members = await findMemberRows(this.session, family, group);
    const [familyRow = await findFamilyRow(this.session, family)] = members.values();
    const now = this.clock.now();
    const endsAt = familyRow?.ends_at ?? undefined;
    const until = Math.max(lastsUntil, endsAt?.getTime() ?? 0);
    const [acts, rows]: [Act[], Act[]] = [[], []];
    let [added, used] = [0, 0];
    for (const member of group) {
      const row = members.get(hashKey(member.token.hash));
      const uses = laterUses(member, row);
      const isUsed = row !== undefined && uses.uses !== row.uses;
      const isDone = row ? !isUsed && !isProlonged : await this.isElsewhere(member.token);
      if (isDone) continue;
      acts.push(memberUpdate(member, row, uses, until, now));
      rows.push(refreshTokenInsertion(member.token, until, now));
      if (!row) added += 1;
      if (isUsed) used += 1;
    }
    const families = (added > 0 || group.length === 0) && !endsAt ? 1 : 0;
    if (families > 0) acts.unshift(familyBegin(copy, until, now));
    if (endsAt && endsAt.getTime() < until) acts.unshift(familyProlongation(family, endsAt, until, now));
    const alreadyThere = group.length - added;
    return { acts, rows, counts: { ...nothingCopied, families, refreshTokens: added, alreadyThere, used } };
  }

  /** Whether the token is there as a member of another family: it was imported into both stores. */
  private async isElsewhere({ hash, family }: RefreshToken): Promise<boolean> {
    const [row] = await this.session.read<RefreshTokenRow>([findRefreshToken, [hash]]);
    return row !== undefined && row.family.toString() !== family;
  }
}
