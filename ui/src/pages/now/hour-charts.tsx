import { Chart } from '../../parts/chart.js';
import { trafficLines } from '../../parts/traffic-lines.js';
import { count, percent } from '../../text/numbers.js';
import { type Bucket, total } from '../../text/series.js';

/** The last hour: how much was asked, and what share of it was refused. */
export function HourCharts({ buckets }: { readonly buckets: readonly Bucket[] }) {
  const times = buckets.map(({ at }) => at);
  const { messages, failures, exceptions } = total(buckets);
  return (
    <div class="charts">
      <Chart
        title="How much is asked?"
        answer={`${count(messages)} messages in the last hour`}
        times={times}
        lines={trafficLines(buckets)}
        unit="/s"
        stacked
      />
      <Chart
        title="How much of it is refused?"
        answer={`${percent(failures, messages)} in the last hour, and ${count(exceptions)} exceptions`}
        times={times}
        lines={[
          { label: 'refused', ink: 'refused', values: shares(buckets, ({ failures }) => failures) },
          { label: 'exceptions', ink: 'failed', values: shares(buckets, ({ exceptions }) => exceptions) },
        ]}
        unit="%"
      />
    </div>
  );
}

function shares(buckets: readonly Bucket[], part: (bucket: Bucket) => number): (number | null)[] {
  return buckets.map((bucket) => (bucket.messages === 0 ? null : (part(bucket) / bucket.messages) * 100));
}
