import type { TokenStorage } from '../../src/domain/token-storage.js';
import type { CassandraSession } from '../../src/storage/cassandra/session.js';
import {
  aFamily,
  aRotation,
  exactlyOneRotates,
  expectKept,
  nothingOutlivesRevocation,
} from '../storage/refresh-token-store.contract.js';
import { byClient } from '../support/audit.js';
import type { TestKeyspace } from '../support/cassandra.js';
import { StoppedClock } from '../support/stopped-clock.js';
import { NaiveCassandraStore } from './naive-rotation.js';
import { openSession, storageOn } from './opened-storage.js';
import { RotatingProcesses } from './rotating-processes.js';
import { rounds, roundsTimeoutMs } from './rounds.js';

const rivals = 50;

/** What becomes of rivals for one refresh token, on any cluster. */
export function racesContract(keyspaceOf: () => Pick<TestKeyspace, 'settings'>): void {
  let session: CassandraSession;
  let stores: TokenStorage;
  beforeAll(async () => {
    session = await openSession(keyspaceOf().settings);
    stores = storageOn(session);
  });
  afterAll(() => session.close());

  it(
    `lets one of ${rivals} callers rotate a token, and nothing of the others is stored`,
    () => exactlyOneRotates(stores, { rounds, rivals }),
    roundsTimeoutMs,
  );

  it(
    'leaves nothing of a family that is revoked while it is rotated',
    () => nothingOutlivesRevocation(stores, { rounds }),
    roundsTimeoutMs,
  );

  describe('of 4 processes', () => {
    let processes: RotatingProcesses;
    beforeAll(async () => {
      processes = await RotatingProcesses.start(4, keyspaceOf().settings);
    });
    afterAll(() => processes.end());

    it(
      `lets one of ${rivals} callers rotate a token, and nothing of the others is stored`,
      async () => {
        for (let round = 0; round < rounds; round += 1) {
          const { first } = await aFamily(stores);
          const rotations = Array.from({ length: rivals }, () => aRotation(first));
          const told = await processes.rotate(rotations);
          expect(told.filter((won) => won)).toHaveLength(1);
          await expectKept(stores, rotations, told);
        }
      },
      roundsTimeoutMs,
    );

    it(
      'leaves nothing of a family that is revoked while they rotate it',
      async () => {
        for (let round = 0; round < rounds; round += 1) {
          const { first, access } = await aFamily(stores);
          const rotations = Array.from({ length: rivals }, () => aRotation(first));
          await Promise.all([
            processes.rotate(rotations),
            stores.refreshTokens.revokeFamily(first.family, byClient),
          ]);
          expect(await stores.refreshTokens.find(first.hash)).toBeUndefined();
          expect(await stores.accessTokens.find(access.hash)).toBeUndefined();
          await expectKept(stores, rotations, Array<boolean>(rivals).fill(false));
        }
      },
      roundsTimeoutMs,
    );
  });

  describe('of a naive store', () => {
    const naive = () => ({
      accessTokens: stores.accessTokens,
      refreshTokens: new NaiveCassandraStore(session, new StoppedClock()),
    });

    it('is detected when several rotate', async () => {
      await expect(exactlyOneRotates(naive(), { rounds, rivals })).rejects.toThrow('toHaveLength');
    });

    it('is detected when tokens outlive their revocation', async () => {
      await expect(nothingOutlivesRevocation(naive(), { rounds: 100 })).rejects.toThrow('toBeUndefined');
    });
  });
}
