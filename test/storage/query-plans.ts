import type { Database } from '../../src/storage/postgres/database.js';
import type { Statement } from '../../src/storage/postgres/statement.js';

/** A node of a query plan, as EXPLAIN gives it. */
export interface Plan {
  readonly 'Node Type': string;
  /** Only where it reads a table or an index. */
  readonly 'Relation Name'?: string;
  /** The average per loop. */
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

/** PostgreSQL may use a plan of either kind for a named statement. */
export const planModes = ['force_custom_plan', 'force_generic_plan'];

/**
 * Runs a statement, and returns its plan.
 * @param mode one of `planModes`
 * @param scansTables false where a table is too small for PostgreSQL to read an index instead
 */
export async function explain(
  { dataSource }: Database,
  statement: Statement,
  mode: string,
  values: readonly unknown[],
  scansTables = true,
): Promise<Plan> {
  const session = dataSource.createQueryRunner();
  await session.startTransaction();
  try {
    await session.query(`SET LOCAL plan_cache_mode = ${mode}`);
    if (!scansTables) await session.query('SET LOCAL enable_seqscan = off');
    await session.query(`PREPARE explained AS ${statement.text}`);
    const explained = (await session.query(
      `EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE explained ${written(values)}`,
    )) as readonly [{ 'QUERY PLAN': readonly [{ Plan: Plan }] }];
    await session.query('DEALLOCATE explained');
    await session.commitTransaction();
    return explained[0]['QUERY PLAN'][0].Plan;
  } finally {
    await session.release();
  }
}

function written(values: readonly unknown[]): string {
  return values.length === 0 ? '' : `(${values.map((value) => `'${String(value)}'`).join(', ')})`;
}

/** A plan with all nodes below it. */
export function nodesOf(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

/** How many rows of tables and indexes a statement has read. */
export function rowsRead(plan: Plan): number {
  const scans = nodesOf(plan).filter((node) => node['Node Type'].endsWith('Scan'));
  return scans.reduce(
    (sum, scan) => sum + (scan['Actual Rows'] + (scan['Rows Removed by Filter'] ?? 0)) * scan['Actual Loops'],
    0,
  );
}
