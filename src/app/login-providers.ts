import type { Provider } from '@nestjs/common';
import type { Config } from '../config/config.js';
import { Clock } from '../domain/clock.js';
import { LoginThrottle, NoLoginThrottle } from '../domain/login-throttle.js';
import { PasswordHasher } from '../domain/secret.js';
import { Argon2idHasher } from '../hashing/argon2id.js';
import { BoundedHasher, HashDurations } from '../hashing/bounded-hasher.js';
import { FairQueue } from '../hashing/fair-queue.js';
import { Database } from '../storage/postgres/database.js';
import { PostgresLoginThrottle } from '../storage/postgres/login-throttle.js';
import { provide } from './providers.js';

/** What checks passwords and secrets, and limits how often and how many. */
export function loginProviders({ login: { hashing, throttle } }: Config): Provider[] {
  const limits = { waiting: hashing.queue, timeoutMs: hashing.timeout * 1000 };
  return [
    provide(HashDurations, [], () => new HashDurations()),
    provide(FairQueue, [], () => new FairQueue({ atOnce: hashing.atOnce, ...limits })),
    provide(
      PasswordHasher,
      [FairQueue, HashDurations],
      (queue, durations) => new BoundedHasher(new Argon2idHasher(), queue, durations),
    ),
    provide(LoginThrottle, [Database, Clock], (database, clock) => {
      if (!throttle) return new NoLoginThrottle();
      const { attempts, attemptsOfUser, backoffMax } = throttle;
      const backoffMs = backoffMax * 1000;
      return new PostgresLoginThrottle(database, clock, { attempts, attemptsOfUser, backoffMs, ...limits });
    }),
  ];
}
