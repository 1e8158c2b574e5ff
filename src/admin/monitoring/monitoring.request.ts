import {
  trafficDimensions,
  type TrafficDimension,
  type TrafficQuery,
  type TrafficWindow,
  trafficWindows,
} from '../../domain/traffic.js';
import { AdminQuery } from '../admin-query.js';
import { type AdminRequest, callerOf } from '../admin.guard.js';
import { badParameter } from '../problem.js';
import { realmFilter } from '../realm-filter.js';

/** How many groups are answered at most: the busiest ones. */
export const maxGroups = 200;

export const windows = Object.keys(trafficWindows) as TrafficWindow[];

/**
 * Which traffic a request asks for.
 * @param now milliseconds since 1970
 * @throws Problem
 */
export function monitoringQuery(request: AdminRequest, now: number): TrafficQuery {
  const query = new AdminQuery(request, ['window', 'by', ...trafficDimensions]);
  const caller = callerOf(request);
  return {
    window: query.oneOf('window', windows, '10m'),
    by: dimensionsOf(query.text('by') ?? 'service'),
    filters: {
      service: query.text('service'),
      method: query.text('method'),
      client: query.text('client'),
      realm: realmFilter(query, caller),
    },
    within: caller.realm,
    now,
    limit: maxGroups,
  };
}

/** @throws Problem 400 */
function dimensionsOf(by: string): TrafficDimension[] {
  const names = by.split(',');
  const dimensions = trafficDimensions.filter((dimension) => names.includes(dimension));
  if (dimensions.length !== names.length) {
    throw badParameter('by', `not a comma-separated list of ${trafficDimensions.join(', ')}`);
  }
  return dimensions;
}
