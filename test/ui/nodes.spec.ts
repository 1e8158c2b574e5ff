import type { Node } from '../../ui/src/api/answers.js';
import { stateOf } from '../../ui/src/text/nodes.js';

const node = (seen: string, hears = true): Node => ({
  ...{ id: seen, host: 'a', pid: 1, version: '1.0.0', started: '2026-01-01T00:00:00.000Z' },
  ...{ seen: `2026-01-01T${seen}.000Z`, hears, cache_hits: 0, cache_misses: 0, rss: 0, cpu: 0 },
});

it('a node is compared with the latest report, not with the clock of the reader', () => {
  const all = [node('12:00:00'), node('11:59:00', false), node('11:58:59')];
  expect(all.map((one) => stateOf(one, all))).toEqual(['serving', 'deaf', 'silent']);
});
