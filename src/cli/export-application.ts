import { readVersion } from '../config/version.js';
import { SubjectRecords } from '../domain/subject-records.js';
import { Exporter, type ExportOptions } from '../provisioning/export.js';
import { commandConfig, inDatabase, nameOf, sayWhichDatabase } from './application.js';
import { CommandError } from './command-error.js';

/**
 * Writes what is registered in the database that the environment names as a configuration file.
 * @param write is called with each part, and waited for
 * @throws CommandError
 */
export async function exportFromDatabase(
  options: Omit<ExportOptions, 'version'>,
  write: (part: string) => Promise<void>,
): Promise<void> {
  const config = commandConfig();
  await inDatabase(config, async (context) => {
    sayWhichDatabase(config);
    const { realm } = options;
    if (!(await context.get(SubjectRecords).find('realm', { realm }))) {
      throw new CommandError('refused', `there is no realm ${realm} in ${nameOf(config.database)}`);
    }
    for await (const part of context.get(Exporter).write({ ...options, version: readVersion() })) {
      await write(part);
    }
  });
}
