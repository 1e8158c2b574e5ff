import type { Series } from '../../api/answers.js';
import { withQuery } from '../../api/client.js';
import { useResource } from '../../api/resource.js';
import { Page } from '../../parts/page.js';
import { Shown } from '../../parts/state.js';
import { useView } from '../../shell/view.js';
import { bucketsOf } from '../../text/series.js';
import { BusiestClients } from './busiest-clients.js';
import { Figures } from './figures.js';
import { HourCharts } from './hour-charts.js';
import { NodeSummary } from './node-summary.js';
import { RefusalReasons } from './refusal-reasons.js';

/** What is going on. */
export function NowPage() {
  const { realm } = useView();
  const hour = useResource<Series>(withQuery('/admin/v1/monitoring/series', { window: '1h', realm }));
  return (
    <Page title="Now" shows={[hour]}>
      <Shown of={hour}>
        {(series) => {
          const buckets = bucketsOf(series);
          return (
            <>
              <Figures buckets={buckets} resolution={series.resolution} />
              <HourCharts buckets={buckets} />
            </>
          );
        }}
      </Shown>
      <div class="panels">
        <RefusalReasons />
        <BusiestClients />
        <NodeSummary />
      </div>
    </Page>
  );
}
