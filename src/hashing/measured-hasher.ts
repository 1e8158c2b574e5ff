import { PasswordHasher } from '../domain/secret.js';
import { OperationDurations } from '../observability/operation-durations.js';

/** Upper bounds of the histograms' buckets, in seconds: an argon2id operation takes some 25 ms. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** How many operations run at once: the threads of libuv's pool, unless UV_THREADPOOL_SIZE changes it. */
const threads = 4;

/** How long hashing and verifying take, the wait for a thread included. */
export class HashDurations extends OperationDurations {
  constructor() {
    super(bounds, ['hash', 'verify']);
  }

  /** How many operations wait for a thread. */
  get waiting(): number {
    return Math.max(0, this.underWay - threads);
  }
}

/** Measures another hasher. */
export class MeasuredHasher extends PasswordHasher {
  constructor(
    private readonly hasher: PasswordHasher,
    private readonly durations: HashDurations,
  ) {
    super();
  }

  hash(password: string): Promise<string> {
    return this.durations.measure('hash', () => this.hasher.hash(password));
  }

  verify(hash: string, password: string): Promise<boolean> {
    return this.durations.measure('verify', () => this.hasher.verify(hash, password));
  }
}
