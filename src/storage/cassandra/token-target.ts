import { type CopyBatch, type CopyCounts, sumOf, TokenTarget } from '../../domain/token-copy.js';
import { AccessTokenCopies } from './access-token-copies.js';
import { FamilyCopies } from './family-copies.js';
import type { CassandraSession } from './session.js';
import type { Surroundings } from './token-storage.js';

/** Takes over the tokens of another store, while servers may be working on those that are here. */
export class CassandraTokenTarget extends TokenTarget {
  private readonly accessTokens: AccessTokenCopies;
  private readonly families: FamilyCopies;

  constructor(session: CassandraSession, { feed, clock }: Pick<Surroundings, 'feed' | 'clock'>) {
    super();
    this.accessTokens = new AccessTokenCopies(session, feed, clock);
    this.families = new FamilyCopies(session, feed, clock);
  }

  async add({ accessTokens, families }: CopyBatch): Promise<CopyCounts> {
    return sumOf([await this.accessTokens.add(accessTokens), await this.families.add(families)]);
  }
}
