import { dayInUtc, localTime, utcTime } from '../text/times.js';

/** A time in the reader's zone; its title has it in UTC. */
export function Time({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={utcTime(at)}>
      {localTime(at, Date.now())}
    </time>
  );
}

const dayMs = 86_400_000;

interface PeriodProps {
  /** Its begin. */
  readonly at: string;
  /** Its length in milliseconds. */
  readonly resolution: number;
}

/** A period of monitoring by its begin. Those of a day are days in UTC, wherever the reader is. */
export function Period({ at, resolution }: PeriodProps) {
  if (resolution < dayMs) return <Time at={at} />;
  return (
    <time dateTime={at.slice(0, 10)} title="A day in UTC">
      {dayInUtc(at)}
    </time>
  );
}
