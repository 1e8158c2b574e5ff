import type { Window } from '../../api/answers.js';
import { Chart } from '../../parts/chart.js';
import { trafficLines } from '../../parts/traffic-lines.js';
import { count, milliseconds, percent } from '../../text/numbers.js';
import { type Bucket, total } from '../../text/series.js';

const windowWords: Readonly<Record<Window, string>> = {
  '10m': '10 minutes',
  '1h': 'hour',
  '10h': '10 hours',
  '5d': '5 days',
  '90d': '90 days',
};

interface TrafficChartsProps {
  readonly buckets: readonly Bucket[];
  readonly window: Window;
}

/** How much was asked in the window, and how long the answers took. */
export function TrafficCharts({ buckets, window }: TrafficChartsProps) {
  const times = buckets.map(({ at }) => at);
  const { messages, successes, time_avg, time_max } = total(buckets);
  const period = `in the last ${windowWords[window]}`;
  return (
    <div class="charts">
      <Chart
        title="How much is asked, and is it answered?"
        answer={`${count(messages)} messages ${period}, ${percent(successes, messages)} answered well`}
        times={times}
        lines={trafficLines(buckets)}
        unit="/s"
        stacked
      />
      <Chart
        title="How long do answers take?"
        answer={`${milliseconds(time_avg)} on average ${period}, ${milliseconds(time_max)} at most`}
        times={times}
        lines={[{ label: 'average', ink: 'accent', values: buckets.map(({ timeAvg }) => timeAvg) }]}
        unit="ms"
      />
    </div>
  );
}
