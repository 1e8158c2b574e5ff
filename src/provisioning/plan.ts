import type { Directory } from '../domain/directory.js';
import type { CredentialPlanner } from './credentials.js';
import type { RealmEntry } from './entries.js';
import type { Configuration } from './parse.js';
import { type Step, SubjectPlanner } from './subject-planner.js';

/** Subjects that are planned at once: libuv hashes on four threads. */
const batchSize = 4;

/** @param done how many of the file's subjects have been compared, of this total */
export type PlanObserver = (done: number, total: number) => void;

/**
 * Compares a configuration with the directory, in the order in which the changes can be made: a realm before
 * its clients and users.
 * @returns a step for each realm, client and user that the file names
 * @throws ConfigurationFileError when a new user has no password or a new confidential client no secret
 */
export async function planChanges(
  { realms, problems }: Configuration,
  directory: Directory,
  credentials: CredentialPlanner,
  observe: PlanObserver = () => {},
): Promise<Step[]> {
  const planner = new SubjectPlanner(credentials, problems);
  const subjects = realms.flatMap((realm, index) => plansOf(realm, `realms[${index}]`, directory, planner));
  const steps: Step[] = [];
  for (let start = 0; start < subjects.length; start += batchSize) {
    const batch = subjects.slice(start, start + batchSize);
    steps.push(...(await Promise.all(batch.map((plan) => plan()))));
    observe(steps.length, subjects.length);
  }
  problems.throwIfAny();
  return steps;
}

/** A plan for a realm, and one for each of its clients and users. */
function plansOf(
  realm: RealmEntry,
  key: string,
  directory: Directory,
  planner: SubjectPlanner,
): (() => Promise<Step>)[] {
  const { name, clients, users } = realm;
  return [
    async () => planner.planRealm(realm, await directory.findRealm(name)),
    ...clients.map((client, i) => async () => {
      const stored = await directory.findClient(name, client.client_id);
      return planner.planClient(name, client, stored, `${key}.clients[${i}]`);
    }),
    ...users.map((user, i) => async () => {
      const stored = await directory.findResourceOwner(name, user.username);
      return planner.planUser(name, user, stored, `${key}.users[${i}]`);
    }),
  ];
}
