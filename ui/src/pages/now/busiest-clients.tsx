import type { Traffic } from '../../api/answers.js';
import { withQuery } from '../../api/client.js';
import { useResource } from '../../api/resource.js';
import { Panel } from '../../parts/page.js';
import { Ranking } from '../../parts/ranking.js';
import { Shown } from '../../parts/state.js';
import { clientName } from '../../text/names.js';
import { useView } from '../../shell/view.js';

/** Who asked most in the last hour. */
export function BusiestClients() {
  const { realm, link } = useView();
  const clients = useResource<Traffic>(
    withQuery('/admin/v1/monitoring', { window: '1h', by: 'client', realm }),
  );
  return (
    <Panel title="Who asks most?">
      <Shown of={clients} isEmpty={({ items }) => items.length === 0} empty="Nobody asked in the last hour.">
        {({ items, total }) => (
          <>
            <Ranking
              of={total.messages}
              entries={items.map(({ client = '', messages }) => ({
                name: clientName(client),
                part: messages,
                href: link('/traffic', { window: '1h', by: 'service', client }),
              }))}
            />
            <p class="hint">By messages of the last hour.</p>
          </>
        )}
      </Shown>
    </Panel>
  );
}
