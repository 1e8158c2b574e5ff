import type { ExplainedToken, Explanation } from '../../api/answers.js';
import { Facts } from '../../parts/facts.js';
import { type Column, Table } from '../../parts/table.js';
import { Time } from '../../parts/time.js';
import { useSession } from '../../session/session.js';
import { words } from '../../text/words.js';
import { Revocation } from './revocation.js';

/** What one flavour answers. */
interface FlavourAnswer {
  readonly flavour: string;
  readonly status: number;
  readonly body: unknown;
}

const flavours: Readonly<Record<string, string>> = {
  axway: 'Axway',
  forgerock: 'ForgeRock AM',
  rfc7662: 'RFC 7662',
};

const columns: readonly Column<FlavourAnswer>[] = [
  { title: 'Flavour', cell: ({ flavour }) => flavours[flavour] ?? flavour },
  { title: 'Status', figures: true, cell: ({ status }) => status },
  { title: 'Body', cell: ({ body }) => <code>{JSON.stringify(body)}</code> },
];

interface ExplainedProps {
  readonly explanation: Explanation;
  /** Is called when the token was ended here. */
  readonly onChanged: () => void;
}

/** What the server thinks of a token, why, and what each flavour answers. */
export function Explained({ explanation, onChanged }: ExplainedProps) {
  const { caller } = useSession();
  const { verdict, reason, sentences, hint, token, id, answers } = explanation;
  const rows = Object.entries(answers).map(([flavour, answer]) => ({ flavour, ...answer }));
  return (
    <section aria-live="polite">
      <h3>
        The token is {verdict}
        {reason !== undefined && `: ${words(reason)}`}
      </h3>
      {sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {hint !== undefined && <p class="advice">{hint}</p>}
      <Facts facts={[...circumstances(explanation), ...(token ? factsOf(token) : [])]} />
      <Table
        caption="What each flavour answers"
        columns={columns}
        rows={rows}
        keyOf={({ flavour }) => flavour}
      />
      {verdict === 'active' && token && caller?.access === 'write' && (
        <Revocation id={token.kind === 'access' ? id : undefined} family={token.family} onDone={onChanged} />
      )}
    </section>
  );
}

type Fact = Parameters<typeof Facts>[0]['facts'][number];

function circumstances({ since, by, id, node_agrees }: Explanation): readonly Fact[] {
  return [
    ['Since', since && <Time at={since} />],
    ['By', by && [by.name, words(by.kind)].filter(Boolean).join(', ')],
    ['Id', id && <code>{id}</code>],
    ['This node', node_agrees === false ? 'its cache does not know yet' : undefined],
  ];
}

function factsOf(token: ExplainedToken): readonly Fact[] {
  return [
    ['Realm', token.realm],
    ['Client', token.client_id],
    ['User', token.username],
    ['Scope', token.scope.join(' ')],
    ['Grant', token.grant_type && words(token.grant_type)],
    ['Issued', <Time at={token.issued_at} />],
    ['Expires', <Time at={token.expires_at} />],
    ['Sign-in', token.family && <code>{token.family}</code>],
  ];
}
