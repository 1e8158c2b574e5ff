import { Filter } from '../../parts/filters.js';
import { Page, Panel } from '../../parts/page.js';
import { useView } from '../../shell/view.js';
import { TokenQuestion } from './token-question.js';
import { UserTokens } from './user-tokens.js';

/** What a token is worth and why, and the tokens of a user. */
export function TokensPage() {
  const { username, id } = useView().query;
  return (
    <Page title="Tokens" shows={[]}>
      <Panel title="What is this token worth, and why?">
        <TokenQuestion key={id} id={id} />
      </Panel>
      <Panel title="Which tokens does a user have?">
        <div class="filters">
          <Filter label="User" name="username" />
        </div>
        {username ? (
          <UserTokens username={username} />
        ) : (
          <p class="state">Type the name of a user of the realm at the top left.</p>
        )}
      </Panel>
    </Page>
  );
}
