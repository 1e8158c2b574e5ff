import type { Series } from '../../api/answers.js';
import type { Resource } from '../../api/resource.js';
import { Panel } from '../../parts/page.js';
import { Shown } from '../../parts/state.js';
import { type Column, Table } from '../../parts/table.js';
import { Period } from '../../parts/time.js';
import { useView } from '../../shell/view.js';
import { clientName, realmName } from '../../text/names.js';
import { count } from '../../text/numbers.js';

interface LegacyUsersProps {
  /** A question. */
  readonly title: string;
  /** What to do about it. */
  readonly advice: string;
  readonly use: Resource<Series>;
  /** Of the traffic that is counted, for links. */
  readonly filters: Readonly<Record<string, string>>;
}

/** A client that uses something. */
interface User {
  readonly client: string;
  readonly realm: string;
  readonly messages: number;
  /** Begin of the last period in which it did. */
  readonly last: string;
}

/** The clients that use something, busiest first. */
export function LegacyUsers({ title, advice, use, filters }: LegacyUsersProps) {
  const { link } = useView();
  const columns: Column<User>[] = [
    {
      title: 'Client',
      sortBy: ({ client }) => client,
      cell: ({ client }) => (
        <a href={link('/traffic', { ...filters, client, by: 'method' })} data-row>
          {clientName(client)}
        </a>
      ),
    },
    { title: 'Realm', wideOnly: true, sortBy: ({ realm }) => realm, cell: ({ realm }) => realmName(realm) },
    {
      title: 'Messages',
      figures: true,
      sortBy: ({ messages }) => messages,
      cell: ({ messages }) => count(messages),
    },
    {
      title: 'Last used',
      sortBy: ({ last }) => last,
      cell: ({ last }) => <Period at={last} resolution={use.body?.resolution ?? 0} />,
    },
  ];
  return (
    <Panel title={title}>
      <Shown of={use} isEmpty={({ items }) => items.length === 0} empty="Nobody, in this window.">
        {({ items }) => (
          <>
            <p class="hint">{advice}</p>
            <Table
              caption={title}
              columns={columns}
              rows={items.map(userOf)}
              keyOf={({ client, realm }) => `${realm} ${client}`}
            />
          </>
        )}
      </Shown>
    </Panel>
  );
}

function userOf({ client = '', realm = '', points }: Series['items'][number]): User {
  const messages = points.reduce((sum, point) => sum + point.messages, 0);
  return { client, realm, messages, last: points.at(-1)?.at ?? '' };
}
