import { type Series, windows } from '../../api/answers.js';
import { withQuery } from '../../api/client.js';
import { useResource } from '../../api/resource.js';
import { Choice } from '../../parts/choice.js';
import { Page } from '../../parts/page.js';
import { useView } from '../../shell/view.js';
import { oneOf } from '../../text/words.js';
import { ImportedTokensPanel } from './imported-tokens.js';
import { LegacyUsers } from './legacy-users.js';

/** Who still depends on what should end one day. */
export function LegacyPage() {
  const { query, realm } = useView();
  const window = oneOf(windows, query.window ?? '90d');
  const use = (filter: { readonly method?: string; readonly service?: string }) =>
    useResource<Series>(
      withQuery('/admin/v1/monitoring/series', { window, by: 'client,realm', realm, ...filter }),
    );
  const passwords = use({ method: 'password' });
  const queries = use({ method: 'GET query' });
  const axway = use({ service: '/api/oauth/tokeninfo' });
  const forgeRock = use({ service: '/oauth2/tokeninfo' });
  return (
    <Page
      title="Legacy use"
      shows={[passwords, queries, axway, forgeRock]}
      controls={<Choice label="Window" name="window" values={windows} chosen={window} />}
    >
      <div class="panels wide">
        <LegacyUsers
          title="Who still sends passwords?"
          advice="The password grant shows a user's password to the client (RFC 9700 §2.4). Clients can use the code flow."
          use={passwords}
          filters={{ window, method: 'password' }}
        />
        <LegacyUsers
          title="Who still sends tokens in URLs?"
          advice="Proxies and logs keep URLs (RFC 9700 §4.3.2). Send the token in the header Authorization."
          use={queries}
          filters={{ window, method: 'GET query' }}
        />
        <LegacyUsers
          title="Whose tokens are read as Axway gives them?"
          advice="RFC 7662 is the standard: POST /oauth2/introspect."
          use={axway}
          filters={{ window, service: '/api/oauth/tokeninfo' }}
        />
        <LegacyUsers
          title="Whose tokens are read as ForgeRock AM gives them?"
          advice="RFC 7662 is the standard: POST /oauth2/introspect."
          use={forgeRock}
          filters={{ window, service: '/oauth2/tokeninfo' }}
        />
        <ImportedTokensPanel />
      </div>
    </Page>
  );
}
