import type { TokenStorage } from '../../src/domain/token-storage.js';
import { memoryTokenStorage } from '../../src/storage/memory/token-storage.js';
import { postgresTokenStorage } from '../../src/storage/postgres/token-storage.js';
import { RecordedEvents } from '../support/audit.js';
import { KeyStore } from '../support/key-store.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { StoppedClock } from '../support/stopped-clock.js';
import { openDatabase, patientOptions, type RunningDatabase, startDatabase } from './running-database.js';
import { tokenRecordsContract } from './token-records.contract.js';

describe('token records in memory', () => {
  tokenRecordsContract(() =>
    memoryTokenStorage(new StoppedClock(), new KeyStore(), new RecordedChanges(), new RecordedEvents()),
  );
});

describe('token records in PostgreSQL', () => {
  let running: RunningDatabase;
  let storage: TokenStorage;
  let close: () => Promise<void>;

  beforeAll(async () => {
    running = await startDatabase();
    const database = await openDatabase(patientOptions(running.connection));
    storage = postgresTokenStorage(database, new RecordedChanges());
    close = () => database.dataSource.destroy();
  });
  afterAll(async () => {
    await close();
    await running.stop();
  });

  tokenRecordsContract(() => storage);
});
