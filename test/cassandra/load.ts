import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { TokenStorage } from '../../src/domain/token-storage.js';
import { inParallel } from '../../src/storage/cassandra/in-parallel.js';
import { aToken } from '../storage/access-token-store.contract.js';
import { aFamily, aRotation } from '../storage/refresh-token-store.contract.js';
import { byClient } from '../support/audit.js';

/** Whether a look finds what it must find, now and ever after. */
type Promised = () => Promise<boolean>;

const workers = 8;

/** What clients do to the stores, over and over, and what they were promised. */
export class Load {
  /** Errors, and what a wrong answer was about. */
  readonly faults: unknown[] = [];
  private readonly promises: Promised[] = [];
  private readonly progress = new EventEmitter();
  private readonly work: Promise<unknown>;
  private rounds = 0;
  private isStopped = false;

  /** Begins at once. */
  constructor(private readonly stores: TokenStorage) {
    this.work = Promise.all(Array.from({ length: workers }, () => this.workOn()));
  }

  /** Resolves when so many more rounds are complete. */
  async goesOn(rounds: number): Promise<void> {
    const end = this.rounds + workers + rounds;
    while (this.rounds < end) await once(this.progress, 'round');
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.work;
  }

  /** How many promises there are, and how many of them are broken. */
  async review(): Promise<{ readonly promises: number; readonly broken: number }> {
    const kept = await inParallel(this.promises, (isKept) => isKept());
    return { promises: kept.length, broken: kept.filter((is) => !is).length };
  }

  private async workOn(): Promise<void> {
    for (let round = 0; !this.isStopped; round += 1) {
      try {
        await this.useAccessToken(round % 2 === 0);
        await this.useFamily(round % 3 === 0);
      } catch (error) {
        this.faults.push(error);
      }
      this.rounds += 1;
      this.progress.emit('round');
    }
  }

  private async useAccessToken(isRevoked: boolean): Promise<void> {
    const { accessTokens } = this.stores;
    const token = aToken({ clientId: randomUUID() });
    const isFound = async () => (await accessTokens.find(token.hash))?.clientId === token.clientId;
    const isGone = async () => (await accessTokens.find(token.hash)) === undefined;
    await accessTokens.insert(token);
    await this.expect('inserted', isFound);
    if (!isRevoked) return this.promise(isFound);
    await accessTokens.revoke(token.hash, byClient);
    await this.expect('revoked', isGone);
    this.promise(isGone);
  }

  private async useFamily(isRevoked: boolean): Promise<void> {
    const { accessTokens, refreshTokens } = this.stores;
    const { first, access } = await aFamily(this.stores, { clientId: randomUUID() });
    const { successor, accessToken, ...rest } = aRotation(first);
    const isUsed = async () => (await refreshTokens.find(first.hash))?.usedAt === rest.now;
    const isNext = async () => (await refreshTokens.find(successor.hash))?.clientId === first.clientId;
    const isIssued = async () => (await accessTokens.find(accessToken.hash))?.family === first.family;
    const isRefused = async () => !(await refreshTokens.rotate(aRotation(first)));
    await this.expect('rotated', () => refreshTokens.rotate({ ...rest, successor, accessToken }));
    await this.expect('refused to rotate again', isRefused);
    for (const look of [isUsed, isNext, isIssued]) await this.expect('found after its rotation', look);
    if (!isRevoked) return this.promise(isUsed, isNext, isIssued, isRefused);
    await refreshTokens.revokeFamily(first.family, byClient);
    const gone = [first, successor].map(
      ({ hash }) =>
        async () =>
          !(await refreshTokens.find(hash)),
    );
    const goneAccess = [access, accessToken].map(({ hash }) => async () => {
      const found = await accessTokens.find(hash);
      return found === undefined;
    });
    for (const look of [...gone, ...goneAccess]) await this.expect('revoked with its family', look);
    this.promise(...gone, ...goneAccess);
  }

  private async expect(what: string, isSo: Promised): Promise<void> {
    if (!(await isSo())) this.faults.push(`not ${what}`);
  }

  private promise(...promised: Promised[]): void {
    this.promises.push(...promised);
  }
}
