import type { ListPage, Refusal } from '../../api/answers.js';
import { withQuery } from '../../api/client.js';
import { useResource } from '../../api/resource.js';
import { Panel } from '../../parts/page.js';
import { Ranking } from '../../parts/ranking.js';
import { Shown } from '../../parts/state.js';
import { useView } from '../../shell/view.js';
import { words } from '../../text/words.js';
import { countsBy } from '../../text/counts.js';

/** How many refusals are looked at: a page of the list. */
const sample = 200;

/** Why the last requests were refused that were. */
export function RefusalReasons() {
  const { realm, link } = useView();
  const path = withQuery('/admin/v1/refusals', { limit: String(sample), realm });
  const refusals = useResource<ListPage<Refusal>>(path);
  return (
    <Panel title="Why are requests refused?">
      <Shown
        of={refusals}
        isEmpty={({ items }) => items.length === 0}
        empty="No request was refused in the last 24 hours."
      >
        {({ items }) => (
          <>
            <Ranking
              of={items.length}
              entries={countsBy(items, ({ reason, error }) => reason ?? error ?? 'other').map(
                ([reason, part]) => ({
                  name: words(reason),
                  part,
                  href: link('/refusals', { reason }),
                }),
              )}
            />
            <p class="hint">Of the last {items.length} that were recorded.</p>
          </>
        )}
      </Shown>
    </Panel>
  );
}
