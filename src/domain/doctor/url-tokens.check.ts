import type { Clock } from '../clock.js';
import type { TrafficStore } from '../traffic.js';
import { type Check, counted, namesOf, ok, warn } from './check.js';

/** Messages are looked at for so long. */
const window = '5d';

/** The method that monitoring counts a request by whose token was in the URL. */
const method = 'GET query';

/**
 * Whether callers of token information send tokens in URLs, which proxies and browsers keep (RFC 6750 §5.3).
 * @param counts whether monitoring counts messages
 */
export function urlTokensCheck(traffic: TrafficStore, clock: Clock, counts: boolean): Check {
  return {
    name: 'tokens-in-urls',
    readsTables: true,
    async run() {
      if (!counts)
        return ok('GET tokeninfo takes tokens in URLs; MONITORING=off does not count whether any come');
      const query = { window, filters: { method }, within: '/', now: clock.now(), limit: 10 } as const;
      const services = await traffic.busiest({ ...query, by: ['service'] });
      const messages = services.reduce((sum, group) => sum + group.messages, 0);
      if (messages === 0)
        return ok('no token came in a URL in the last 5 days, though GET tokeninfo takes them');
      const names = namesOf(services.map(({ service = '' }) => service));
      return warn(
        `${counted(messages, 'message')} of the last 5 days had the token in the URL: ${names}`,
        "have them send it in the Authorization header; symbolon traffic --window 5d --method 'GET query' --by client names the callers",
      );
    },
  };
}
