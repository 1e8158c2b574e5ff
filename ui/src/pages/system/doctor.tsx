import type { Check, Examination } from '../../api/answers.js';
import { useResource } from '../../api/resource.js';
import { Panel } from '../../parts/page.js';
import { Shown } from '../../parts/state.js';
import { type Column, Table } from '../../parts/table.js';
import { count } from '../../text/numbers.js';

const columns: readonly Column<Check>[] = [
  { title: 'State', cell: ({ status }) => <span class={`badge ${status}`}>{status}</span> },
  { title: 'Check', prose: true, cell: ({ name }) => name },
  {
    title: 'Found',
    prose: true,
    cell: ({ found, advice }) => (
      <>
        {found}
        <span class="narrow-only detail">{advice}</span>
      </>
    ),
  },
  { title: 'What to do', prose: true, wideOnly: true, cell: ({ advice }) => advice },
];

const order: readonly Check['status'][] = ['fail', 'warn', 'ok'];

/** What the doctor finds: the database, the clock, the purge and the settings. */
export function Doctor() {
  const examination = useResource<Examination>('/admin/v1/doctor');
  return (
    <Panel
      title="Does anything need attention?"
      answer={examination.body && summary(examination.body.checks)}
    >
      <Shown of={examination} rootOnly>
        {({ checks }) => (
          <Table
            caption="Checks, the worst first"
            columns={columns}
            rows={order.flatMap((status) => checks.filter((check) => check.status === status))}
            keyOf={({ name }) => name}
          />
        )}
      </Shown>
    </Panel>
  );
}

function summary(checks: readonly Check[]): string {
  const bad = checks.filter(({ status }) => status !== 'ok').length;
  return bad === 0
    ? `No: all ${count(checks.length)} checks are well.`
    : `Yes: ${count(bad)} of ${count(checks.length)} checks.`;
}
