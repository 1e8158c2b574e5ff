import { range } from './numbers.js';
import type { Operator } from './operator.js';
import { crowded } from './registry.js';

const inCrowded = `realm=${encodeURIComponent(crowded)}`;

/** What an operator looks at, by the names of the figures: how long each of some requests took. */
export type Looks = Readonly<Record<string, (operator: Operator, count: number) => Promise<number[]>>>;

export const shortLooks: Looks = {
  'list of clients': (operator, count) => operator.walk(`clients?${inCrowded}`, count),
  'list of users': (operator, count) => operator.walk(`users?${inCrowded}`, count),
  'list of realms': (operator, count) => operator.walk('realms?limit=50', count),
  'users by prefix': (operator, count) =>
    inTurn(count, (n) => operator.timed(`users?${inCrowded}&prefix=user-${2 * n}`)),
  'search everywhere': (operator, count) =>
    inTurn(count, (n) => operator.timed(`search?q=${['user-', 'client-', 'realm-'][n % 3]}${n}`)),
  "a user's tokens": (operator, count) => operator.walk(`tokens?${inCrowded}&username=user-0`, count),
};

/** And the walk to the end of a long list, of which the last pages count. */
export const looks: Looks = {
  ...shortLooks,
  'last pages of users': async (operator, count) =>
    (await operator.walk(`users?${inCrowded}&limit=200`)).slice(-count),
};

/** The results of some work that is done so often, one after the other. */
async function inTurn(count: number, work: (number: number) => Promise<number>): Promise<number[]> {
  const results: number[] = [];
  for (const number of range(count)) results.push(await work(number));
  return results;
}
