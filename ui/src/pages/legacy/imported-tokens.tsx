import type { ImportedTokens } from '../../api/answers.js';
import { useResource } from '../../api/resource.js';
import { Panel } from '../../parts/page.js';
import { Shown } from '../../parts/state.js';
import { Time } from '../../parts/time.js';

/** Until when tokens that another server issued may live. */
export function ImportedTokensPanel() {
  const imported = useResource<ImportedTokens>('/admin/v1/imported-tokens');
  return (
    <Panel title="Until when may an imported token live?">
      <Shown of={imported} rootOnly>
        {({ active, until }) => <p class="answer">{sentence(active, until)}</p>}
      </Shown>
    </Panel>
  );
}

function sentence(active: boolean, until: string | undefined) {
  if (until === undefined) return 'No token was ever imported.';
  return active ? (
    <>
      Until <Time at={until} />. Until then, tokens of any form are looked up.
    </>
  ) : (
    <>
      None lives any more. The last one expired: <Time at={until} />.
    </>
  );
}
