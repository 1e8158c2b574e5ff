import { createDoctor, createDoctorWithoutStores } from '../app/doctor.js';
import type { Examination } from '../domain/doctor/doctor.js';
import { logFault } from '../observability/fault.js';
import { createLog } from '../observability/log.js';
import { commandConfig, inOpened, nameOf, withoutCluster } from './application.js';

/** What a doctor has found, and what the examined database is called. */
export interface Findings {
  readonly examination: Examination;
  readonly database: string;
}

/**
 * Examines the database that the environment names. Nothing is changed: pending migrations are found, and not applied.
 * A database that cannot be opened is a finding, too.
 * @throws CommandError where the settings cannot be used
 */
export async function examineDatabase(): Promise<Findings> {
  const config = commandConfig();
  const log = createLog('error', process.stderr);
  const database = nameOf(config.database);
  try {
    const examination = await inOpened(withoutCluster(config), { migrates: false }, (context) =>
      createDoctor(context, config, {
        inTurn: (check) => check(),
        onFault: (error) => logFault(log, error),
      }).examine(),
    );
    return { examination, database };
  } catch (error) {
    return { examination: await createDoctorWithoutStores(config, error).examine(), database };
  }
}
