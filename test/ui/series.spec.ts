import type { Series } from '../../ui/src/api/answers.js';
import { bucketsOf, lastWhole, total } from '../../ui/src/text/series.js';

const at = (time: string) => `2026-06-01T${time}.000Z`;

function point(time: string, messages: number, timeAvg: number) {
  const counts = { messages, successes: messages - 1, failures: 1, exceptions: 0 };
  return { at: at(time), ...counts, time_min: 0.1, time_avg: timeAvg, time_max: timeAvg * 10 };
}

const series: Series = {
  window: '10m',
  from: at('12:00:30'),
  to: at('12:04:30'),
  resolution: 60_000,
  items: [
    { service: '/oauth2/token', points: [point('12:01:00', 10, 3), point('12:03:00', 4, 1)] },
    { service: '/oauth2/tokeninfo', points: [point('12:01:00', 30, 1)] },
  ],
};

describe('the periods of a window', () => {
  const buckets = bucketsOf(series);

  it('are all there, in the order of time, but for one that has hardly begun', () => {
    expect(buckets.map((bucket) => new Date(bucket.at).toISOString())).toEqual(
      ['12:01:00', '12:02:00', '12:03:00'].map(at),
    );
  });

  it('have the sums of all groups, and times by the number of messages', () => {
    expect(buckets[0]).toEqual({
      ...{ at: Date.parse(at('12:01:00')), seconds: 60 },
      ...{ messages: 40, successes: 38, failures: 2, exceptions: 0, timeAvg: 1.5, timeMax: 30 },
    });
    expect(buckets[1]).toMatchObject({ messages: 0, timeAvg: null, timeMax: null });
  });

  it('have a sum', () => {
    expect(total(buckets)).toMatchObject({ seconds: 180, messages: 44, failures: 3, time_max: 30 });
    expect(total([])).toMatchObject({ seconds: 0, messages: 0, time_avg: null, time_max: null });
  });

  it('of a day are shown while they last, by the part of them that is over', () => {
    const days = bucketsOf({ ...series, resolution: 86_400_000, from: '2026-05-30T12:00:00.000Z' });
    expect(days.map(({ seconds }) => seconds)).toEqual([86_400, 43_470]);
    expect(lastWhole(days, 86_400_000, 5)).toHaveLength(1);
  });
});
