import type { Group, Traffic } from '../../api/answers.js';
import { Share } from '../../parts/share.js';
import { type Column, Table } from '../../parts/table.js';
import { useView } from '../../shell/view.js';
import { clientName, realmName } from '../../text/names.js';
import { count, figure, milliseconds, percent } from '../../text/numbers.js';
import { nextTab, type Tab, tabTitles } from './tabs.js';

interface GroupTableProps {
  readonly traffic: Traffic;
  readonly by: Tab;
}

/** The groups of a window, busiest first. */
export function GroupTable({ traffic: { items, total, from, to }, by }: GroupTableProps) {
  const { path, query, link } = useView();
  const seconds = (Date.parse(to) - Date.parse(from)) / 1000;
  const name = (group: Group) => group[by] ?? '';
  const columns: Column<Group>[] = [
    {
      title: tabTitles[by].slice(0, -1),
      sortBy: (group) => nameText(by, name(group)),
      cell: (group) =>
        // The realms beyond the limit of rows have no path.
        by === 'realm' && name(group) === '*' ? (
          nameText(by, name(group))
        ) : (
          <a href={link(path, { ...query, [by]: name(group), by: nextTab[by] })} data-row>
            {nameText(by, name(group))}
          </a>
        ),
    },
    {
      title: 'Messages',
      figures: true,
      sortBy: ({ messages }) => messages,
      cell: ({ messages }) => count(messages),
    },
    { title: 'Share', wideOnly: true, cell: ({ messages }) => <Share part={messages} of={total.messages} /> },
    { title: 'A second', figures: true, wideOnly: true, cell: ({ messages }) => figure(messages / seconds) },
    {
      title: 'Answered well',
      figures: true,
      sortBy: ({ successes, messages }) => successes / messages,
      cell: ({ successes, messages }) => percent(successes, messages),
    },
    {
      title: 'Refused',
      figures: true,
      sortBy: ({ failures }) => failures,
      cell: ({ failures }) => <Bad number={failures} ink="refused" />,
    },
    {
      title: 'Exceptions',
      figures: true,
      sortBy: ({ exceptions }) => exceptions,
      cell: ({ exceptions }) => <Bad number={exceptions} ink="failed" />,
    },
    {
      title: 'Least',
      figures: true,
      wideOnly: true,
      sortBy: ({ time_min }) => time_min ?? 0,
      cell: ({ time_min }) => milliseconds(time_min),
    },
    {
      title: 'Average',
      figures: true,
      sortBy: ({ time_avg }) => time_avg ?? 0,
      cell: ({ time_avg }) => milliseconds(time_avg),
    },
    {
      title: 'Most',
      figures: true,
      wideOnly: true,
      sortBy: ({ time_max }) => time_max ?? 0,
      cell: ({ time_max }) => milliseconds(time_max),
    },
  ];
  return (
    <>
      <Table caption={`Messages by ${by}`} columns={columns} rows={items} keyOf={name} />
      <p class="paging">
        {count(total.messages)} messages in all{items.length === 200 ? '; the 200 busiest are shown' : ''}
      </p>
    </>
  );
}

function Bad({ number, ink }: { readonly number: number; readonly ink: 'refused' | 'failed' }) {
  return <span class={number > 0 ? ink : 'nothing'}>{count(number)}</span>;
}

function nameText(by: Tab, name: string): string {
  if (by === 'client') return clientName(name);
  return by === 'realm' ? realmName(name) : name;
}
