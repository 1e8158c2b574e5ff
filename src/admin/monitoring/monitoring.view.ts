import {
  type TrafficCounts,
  type TrafficDimension,
  type TrafficGroup,
  type TrafficPoint,
  type TrafficQuery,
  trafficWindows,
} from '../../domain/traffic.js';
import { isoTime } from '../iso-time.js';

/** The busiest groups of a window, and the sum of all groups, shown or not. */
export function totalsView(
  query: TrafficQuery,
  groups: readonly TrafficGroup[],
  total?: TrafficCounts,
): object {
  const items = groups.map((group) => ({ ...namesOf(query, group), ...countsView(group) }));
  return { ...windowView(query), items, total: countsView(total) };
}

/** The busiest groups of a window, bucket by bucket. */
export function seriesView(query: TrafficQuery, points: readonly TrafficPoint[]): object {
  const items = new Map<string, { messages: number; names: object; points: object[] }>();
  for (const point of points) {
    const names = namesOf(query, point);
    const key = JSON.stringify(names);
    const item = items.get(key) ?? { messages: 0, names, points: [] };
    items.set(key, item);
    item.messages += point.messages;
    item.points.push({ at: isoTime(point.bucket), ...countsView(point) });
  }
  const busiest = [...items.values()].sort((one, other) => other.messages - one.messages);
  return { ...windowView(query), items: busiest.map(({ names, points }) => ({ ...names, points })) };
}

/** Durations are in milliseconds. */
function windowView({ window, now }: TrafficQuery): object {
  const { seconds, resolution } = trafficWindows[window];
  return { window, from: isoTime(now - seconds * 1000), to: isoTime(now), resolution: resolution * 1000 };
}

/** What a group has in common. */
function namesOf({ by }: TrafficQuery, group: TrafficGroup): Partial<Record<TrafficDimension, string>> {
  return Object.fromEntries(by.map((dimension) => [dimension, group[dimension]]));
}

const noMessages: TrafficCounts = {
  messages: 0,
  successes: 0,
  failures: 0,
  exceptions: 0,
  timeSum: 0,
  timeMin: 0,
  timeMax: 0,
};

/** Processing times are in milliseconds; null where there was no message. */
function countsView(counts = noMessages): object {
  const { messages, successes, failures, exceptions, timeMin, timeSum, timeMax } = counts;
  const [min, avg, max] = [timeMin, timeSum / messages, timeMax].map((time) =>
    messages === 0 ? null : Math.round(time) / 1000,
  );
  return { messages, successes, failures, exceptions, time_min: min, time_avg: avg, time_max: max };
}
