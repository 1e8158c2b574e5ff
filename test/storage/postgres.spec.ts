import { PostgresAccessTokenStore } from '../../src/storage/postgres/access-token-store.js';
import type { Database } from '../../src/storage/postgres/database.js';
import { PostgresDirectory } from '../../src/storage/postgres/directory.js';
import { PostgresDirectoryWriter } from '../../src/storage/postgres/directory-writer.js';
import { PostgresSubjectRecords } from '../../src/storage/postgres/subject-records.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { accessTokenStoreContract } from './access-token-store.contract.js';
import { directoryContract } from './directory.contract.js';
import { directoryWriterContract } from './directory-writer.contract.js';
import { openDatabase, patientOptions, type RunningDatabase, startDatabase } from './running-database.js';
import { subjectRecordsContract } from './subject-records.contract.js';
import { Subjects } from './subjects.js';

let running: RunningDatabase;
let database: Database;

beforeAll(async () => {
  running = await startDatabase();
  database = await openDatabase(patientOptions(running.connection));
});

afterAll(async () => {
  await database.dataSource.destroy();
  await running.stop();
});

describe('access tokens in PostgreSQL', () => {
  accessTokenStoreContract(() => new PostgresAccessTokenStore(database, new RecordedChanges()));
});

describe('the directory in PostgreSQL', () => {
  const open = () =>
    new Subjects(
      new PostgresDirectory(database),
      new PostgresDirectoryWriter(database, new RecordedChanges()),
    );
  directoryContract(open);
  directoryWriterContract(open);
  subjectRecordsContract(() => ({ subjects: open(), records: new PostgresSubjectRecords(database) }));
});
