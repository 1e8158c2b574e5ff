import { describeSettings } from '../../src/config/described-settings.js';
import { settings } from '../../src/config/settings.js';

/** How one setting of an environment is described, but for what it means. */
function described(name: string, environment: Readonly<Record<string, string>>) {
  const { meaning, ...rest } = describeSettings(environment).find((setting) => setting.name === name)!;
  expect(meaning).not.toBe('');
  return rest;
}

it('describes every setting, in the order of the page of settings', () => {
  expect(describeSettings({}).map(({ name }) => name)).toEqual(settings.map(({ name }) => name));
});

it.each([
  ['postgres://ann:s3cret@db.example:5433/tokens?sslmode=require', 'postgres://db.example:5433/tokens'],
  ['postgresql://db.example/tokens?password=s3cret', 'postgresql://db.example/tokens'],
  ['postgres://ann:s3cret@/tokens?host=/run/postgresql', 'postgres:///tokens'],
  ['/run/postgresql tokens', undefined],
])('shows of %s only where it leads', (DATABASE_URL, value) => {
  expect(described('DATABASE_URL', { DATABASE_URL })).toEqual({
    name: 'DATABASE_URL',
    value,
    from: 'environment',
    secret: true,
  });
});

it('shows a secret neither from a variable nor from a file, also one that looks like a URL', () => {
  const secret = { name: 'PGPASSWORD', secret: true };
  expect(described('PGPASSWORD', { PGPASSWORD: 'postgres://s3cret' })).toEqual({
    ...secret,
    from: 'environment',
  });
  expect(described('PGPASSWORD', { PGPASSWORD_FILE: '/run/secrets/x' })).toEqual({ ...secret, from: 'file' });
  expect(described('DATABASE_URL', { DATABASE_URL_FILE: '/x' })).toMatchObject({
    from: 'file',
    value: undefined,
  });
});

it('takes an empty variable for one that is not set', () => {
  const untouched = { name: 'PORT', value: '8080', fallback: '8080', from: 'default', secret: false };
  expect(described('PORT', { PORT: '' })).toEqual(untouched);
});

it('says what the number of a setting counts', () => {
  expect(described('AUDIT_DAYS', { AUDIT_DAYS: '30' })).toEqual({
    name: 'AUDIT_DAYS',
    value: '30',
    fallback: '365',
    from: 'environment',
    secret: false,
    unit: 'days',
  });
});
