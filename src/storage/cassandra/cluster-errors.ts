import { StoreUnavailable } from '../../domain/oauth-error.js';

/** The cluster cannot be used as it is. The message names the setting, and is written for the operator. */
export class CassandraStartError extends Error {
  /** @param unreachable whether too few nodes answer, so that it may be worth another try */
  constructor(
    message: string,
    readonly unreachable = false,
  ) {
    super(message);
    this.name = 'CassandraStartError';
  }
}

/** The cluster could not answer, or not in time. */
export class ClusterUnavailable extends StoreUnavailable {}
