import { DatabaseRefused } from '../../src/storage/postgres/database-refused.js';
import { commandError } from '../../src/cli/application.js';
import { ConflictingChanges, StoreUnavailable } from '../../src/domain/oauth-error.js';

const lost = Object.assign(new Error('canary'), { code: 'ECONNREFUSED' });
const deadlock = Object.assign(new Error('canary'), { code: '40P01' });

it.each([
  [
    'an outage',
    new StoreUnavailable(lost),
    'unreachable',
    /^DATABASE_URL: .*cannot be reached \(ECONNREFUSED\)/,
  ],
  [
    'a change that met others',
    new ConflictingChanges(deadlock),
    'refused',
    /^another change went on at the same time, so nothing was changed; run it again$/,
  ],
  ['a database that cannot be used', new DatabaseRefused('no'), 'refused', /^DATABASE_URL: no$/],
  ['a mistake of ours', new TypeError('canary'), 'refused', /^unexpected TypeError\n {4}at /],
])('a command that fails for %s says so', (_, error, reason, sentence) => {
  const shown = commandError(error);
  expect(shown.reason).toBe(reason);
  expect(shown.message).toMatch(sentence);
  expect(shown.message).not.toContain('canary');
});
