import { type Series, type Traffic, windows } from '../../api/answers.js';
import { withQuery } from '../../api/client.js';
import { useResource } from '../../api/resource.js';
import { Choice } from '../../parts/choice.js';
import { Chip } from '../../parts/filters.js';
import { Page } from '../../parts/page.js';
import { Shown } from '../../parts/state.js';
import { useView } from '../../shell/view.js';
import { oneOf } from '../../text/words.js';
import { bucketsOf } from '../../text/series.js';
import { GroupTable } from './group-table.js';
import { tabs, tabTitles } from './tabs.js';
import { TrafficCharts } from './traffic-charts.js';

/** Messages by service, method, client and realm, as far back as 90 days. */
export function TrafficPage() {
  const { query, realm } = useView();
  const window = oneOf(windows, query.window ?? '1h');
  const by = oneOf(tabs, query.by);
  const { service, method, client } = query;
  const filters = { window, service, method, client, realm };
  const groups = useResource<Traffic>(withQuery('/admin/v1/monitoring', { ...filters, by }));
  const series = useResource<Series>(withQuery('/admin/v1/monitoring/series', filters));
  return (
    <Page
      title="Traffic"
      shows={[groups, series]}
      controls={<Choice label="Window" name="window" values={windows} chosen={window} />}
    >
      <div class="chips">
        <Chip label="service" name="service" />
        <Chip label="method" name="method" />
        <Chip label="client" name="client" />
      </div>
      <Shown of={series}>{(body) => <TrafficCharts buckets={bucketsOf(body)} window={body.window} />}</Shown>
      <Choice label="Grouped by" name="by" values={tabs} chosen={by} text={(tab) => tabTitles[tab]} />
      <Shown
        of={groups}
        isEmpty={({ items }) => items.length === 0}
        empty="There was no message in this window that fits the filters."
      >
        {(traffic) => <GroupTable traffic={traffic} by={by} />}
      </Shown>
    </Page>
  );
}
