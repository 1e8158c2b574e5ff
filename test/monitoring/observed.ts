import type { ObservedRequest } from '../../src/observability/request-observer.js';

/** A successful request for token information that took 250 µs, except as stated. */
export function observed(fields: Partial<ObservedRequest> = {}): ObservedRequest {
  return {
    method: 'GET',
    operation: 'GET header',
    route: '/oauth2/tokeninfo',
    status: 200,
    complete: true,
    failed: false,
    takenAt: 10,
    endedAt: 10.25,
    correlationId: '5f3c7f2e-8d0a-4f2b-9d55-0d7a1c6b1e01',
    details: { realm: '/', clientId: 'app', application: 'Sample', username: 'ann' },
    ...fields,
  };
}
