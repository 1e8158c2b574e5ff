import {
  isMetrics,
  isMetricsSum,
  isMetricsSumWanted,
  isMetricsWanted,
  isStartFailedMessage,
  isStopMessage,
} from '../../src/process/worker-messages.js';

const others = [undefined, null, 'stop', 0, {}, [], { type: 'halt' }, { type: ['stop'] }, { cmd: 'NODE_x' }];

it('only a stop message stops a worker', () => {
  expect(isStopMessage({ type: 'stop' })).toBe(true);
  for (const message of [...others, { type: 'start_failed', reason: 'x' }]) {
    expect(isStopMessage(message)).toBe(false);
  }
});

it('only a failed start with its reason is one to the primary', () => {
  expect(isStartFailedMessage({ type: 'start_failed', reason: 'x' })).toBe(true);
  for (const message of [...others, { type: 'stop' }, { type: 'start_failed' }]) {
    expect(isStartFailedMessage(message)).toBe(false);
  }
});

describe('messages about metrics', () => {
  interface Kind {
    readonly accepts: (message: unknown) => boolean;
    readonly good: readonly object[];
  }
  const kinds: readonly Kind[] = [
    { accepts: isMetricsWanted, good: [{ type: 'metrics_wanted', id: 1 }] },
    {
      accepts: isMetrics,
      good: [
        { type: 'metrics', id: 1, snapshot: [] },
        { type: 'metrics', snapshot: [] },
        { type: 'metrics', id: 1 },
      ],
    },
    { accepts: isMetricsSumWanted, good: [{ type: 'metrics_sum_wanted', id: 1 }] },
    { accepts: isMetricsSum, good: [{ type: 'metrics_sum', id: 1, snapshot: [] }] },
  ];

  it.each(kinds)('are taken by $accepts.name alone', ({ accepts, good }) => {
    const all = [...others, { type: 'stop' }, ...kinds.flatMap((kind) => kind.good)];
    expect(all.filter((message) => accepts(message))).toEqual(good);
  });

  it('are refused with members of another form', () => {
    expect(isMetricsWanted({ type: 'metrics_wanted', id: '1' })).toBe(false);
    expect(isMetrics({ type: 'metrics', id: '1', snapshot: [] })).toBe(false);
    expect(isMetrics({ type: 'metrics', snapshot: {} })).toBe(false);
    expect(isMetricsSum({ type: 'metrics_sum', id: 1 })).toBe(false);
  });
});
