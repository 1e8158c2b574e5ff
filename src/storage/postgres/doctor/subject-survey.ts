import { IsNull, LessThan, LessThanOrEqual, MoreThan, Not } from 'typeorm';
import {
  type HashCount,
  SubjectSurvey,
  type SurveyedClients,
  type SurveyedSecrets,
} from '../../../domain/doctor/subject-survey.js';
import type { Database, WorkOptions } from '../database.js';
import { ClientEntity } from '../entities/subjects.js';
import { foreignHashStatements } from '../password-upgrades.js';

/** How many clients are named. */
const maxNamed = 11;

/** Longest time to read all clients, in milliseconds. */
const long: WorkOptions = { purpose: 'read', timeoutMs: 30_000 };

/** Surveys the clients and users in PostgreSQL. */
export class PostgresSubjectSurvey extends SubjectSurvey {
  constructor(private readonly database: Database) {
    super();
  }

  clientsWithPasswordGrant(): Promise<SurveyedClients> {
    return this.database.run(async ({ manager }) => {
      const [clients, count] = await manager
        .createQueryBuilder(ClientEntity, 'client')
        .select(['client.realm', 'client.clientId'])
        .where(`client.enabled AND 'password' = ANY (client.grantTypes)`)
        .orderBy({ 'client.realm': 'ASC', 'client.clientId': 'ASC' })
        .take(maxNamed)
        .getManyAndCount();
      return { count, clientIds: clients.map(({ clientId }) => clientId) };
    }, long);
  }

  clientSecrets(madeBefore: number, now: number): Promise<SurveyedSecrets> {
    return this.database.run(async ({ manager }) => {
      const [clients, count] = await manager.findAndCount(ClientEntity, {
        select: { realm: true, clientId: true },
        where: { enabled: true, secretHash: Not(IsNull()), secretCreatedAt: LessThan(new Date(madeBefore)) },
        order: { realm: 'ASC', clientId: 'ASC' },
        take: maxNamed,
      });
      const previous = { enabled: true, previousSecretHash: Not(IsNull()) };
      const at = new Date(now);
      return {
        old: { count, clientIds: clients.map(({ clientId }) => clientId) },
        accepted: await manager.countBy(ClientEntity, { ...previous, previousSecretUntil: MoreThan(at) }),
        ended: await manager.countBy(ClientEntity, { ...previous, previousSecretUntil: LessThanOrEqual(at) }),
      };
    }, long);
  }

  async foreignHashes(): Promise<readonly HashCount[]> {
    const counts: HashCount[] = [];
    for (const { counts: statement } of Object.values(foreignHashStatements)) {
      const rows = await this.database.read<{ count: string; example: string }>(statement, []);
      counts.push(...rows.map(({ count, example }) => ({ count: Number(count), example })));
    }
    return counts;
  }
}
