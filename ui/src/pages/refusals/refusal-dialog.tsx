import type { ExplainedRefusal } from '../../api/answers.js';
import { useResource } from '../../api/resource.js';
import { Dialog } from '../../parts/dialog.js';
import { Facts } from '../../parts/facts.js';
import { Shown } from '../../parts/state.js';
import { Time } from '../../parts/time.js';
import { useView } from '../../shell/view.js';
import { words } from '../../text/words.js';

/** One refused request with its exact reason, and what the server thinks now of its token. */
export function RefusalDialog({ id }: { readonly id: string }) {
  const { show } = useView();
  const refusal = useResource<ExplainedRefusal>(`/admin/v1/refusals/${encodeURIComponent(id)}`, false);
  return (
    <Dialog title="Why was it refused?" onClose={() => show({ id: undefined })}>
      <Shown of={refusal}>{(found) => <Explained refusal={found} />}</Shown>
    </Dialog>
  );
}

function Explained({ refusal }: { readonly refusal: ExplainedRefusal }) {
  const { link } = useView();
  const { sentences, hint, token, ...request } = refusal;
  return (
    <>
      {sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {hint !== undefined && <p class="advice">{hint}</p>}
      <Facts
        facts={[
          ['Reason', words(request.reason ?? request.error ?? 'other')],
          ['When', <Time at={request.at} />],
          ['Request', <code>{`${request.method} ${request.route}`}</code>],
          ['Status', request.status],
          ['Error', request.error],
          ['Realm', request.realm],
          ['Client', request.client],
          [
            'Token id',
            request.token_id && <a href={link('/tokens', { id: request.token_id })}>{request.token_id}</a>,
          ],
          ['Correlation id', <code>{request.id}</code>],
        ]}
      />
      {token && (
        <section>
          <h3>Its token now: {words(token.verdict)}</h3>
          {token.sentences.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </section>
      )}
    </>
  );
}
