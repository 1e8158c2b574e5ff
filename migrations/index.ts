import { Initial1763000000001 } from './0001-initial.js';
import { TokenLife1763000000002 } from './0002-token-life.js';
import { Purge1763000000003 } from './0003-purge.js';
import { LongestLifetime1763000000004 } from './0004-longest-lifetime.js';
import { Operations1763000000005 } from './0005-operations.js';
import { Names1763000000006 } from './0006-names.js';

/** Every migration, in the order they are applied. */
export const migrations = [
  Initial1763000000001,
  TokenLife1763000000002,
  Purge1763000000003,
  LongestLifetime1763000000004,
  Operations1763000000005,
  Names1763000000006,
];
