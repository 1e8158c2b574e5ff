import { added, counter, gauge, type Snapshot, single, summable } from '../../src/monitoring/snapshot.js';

/** Numbers whose sum depends on their order. */
const values = [0.1, 0.2, 0.3];

function valueOf([metric]: Snapshot): number {
  return metric.values[0].value;
}

function sum(numbers: readonly number[], prepare: (snapshot: Snapshot) => Snapshot): number {
  return valueOf(
    added(numbers.map((value) => prepare([counter('seconds_total', 'Seconds.', single(value))]))),
  );
}

it('the sum of counters does not depend on the order of the processes', () => {
  const backwards = [...values].reverse();
  // Otherwise this test would show nothing.
  expect(sum(values, (snapshot) => snapshot)).not.toBe(sum(backwards, (snapshot) => snapshot));
  expect(sum(values, summable)).toBe(sum(backwards, summable));
  expect(sum(values, summable)).toBeCloseTo(0.6, 4);
});

it('whole numbers and gauges stay as they are', () => {
  expect(valueOf(summable([counter('requests_total', 'Requests.', single(123_456_789_012))]))).toBe(
    123_456_789_012,
  );
  expect(valueOf(summable([gauge('delay', 'Delay.', 'max', single(0.1))]))).toBe(0.1);
});
