import type { INestApplicationContext } from '@nestjs/common';
import { ChangeFeed } from '../domain/change-feed.js';
import { Clock } from '../domain/clock.js';
import { TokenCopy } from '../domain/token-copy.js';
import { Database } from '../storage/postgres/database.js';
import { PostgresTokenSource } from '../storage/postgres/token-source.js';
import { TokenCluster } from './token-cluster.js';

/** The copy of the tokens of an application's database to its Cassandra cluster. */
export function copyToCluster(context: INestApplicationContext): TokenCopy {
  const [feed, clock] = [context.get(ChangeFeed), context.get(Clock)];
  const target = context.get(TokenCluster).target({ feed, clock });
  if (!target) throw new Error('The application has no cluster.');
  return new TokenCopy(new PostgresTokenSource(context.get(Database)), target, feed, clock);
}
