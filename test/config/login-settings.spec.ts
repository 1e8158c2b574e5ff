import { availableParallelism } from 'node:os';
import { readConfig } from '../../src/config/config.js';

const login = (settings: Readonly<Record<string, string>> = {}) => readConfig(settings).login;
const cores = availableParallelism();
const server = { DATABASE_URL: 'postgres://symbolon@127.0.0.1/symbolon', CONFIG_FILE: 'symbolon.yaml' };

describe('the settings of passwords and secrets', () => {
  it('limit guesses and hashes, unless they say otherwise', () => {
    const { hashing, throttle } = login();
    expect(hashing).toEqual({ atOnce: Math.min(cores, 3), queue: 100, timeout: 2 });
    expect(throttle).toEqual({ attempts: 10, attemptsOfUser: 100, backoffMax: 900 });
  });

  it('take what they name', () => {
    expect(login({ LOGIN_THROTTLE: 'off' }).throttle).toBeUndefined();
    expect(login({ LOGIN_ATTEMPTS: '1', LOGIN_ATTEMPTS_USER: '2', LOGIN_BACKOFF_MAX: '3' }).throttle).toEqual(
      {
        attempts: 1,
        attemptsOfUser: 2,
        backoffMax: 3,
      },
    );
    expect(login({ HASH_QUEUE: '1', HASH_TIMEOUT: '10' }).hashing).toMatchObject({ queue: 1, timeout: 10 });
  });

  it('hash at once on the share of the cores that a worker has, and leave one thread', () => {
    const atOnce = (UV_THREADPOOL_SIZE: string, WORKERS = '1') =>
      login({ ...server, UV_THREADPOOL_SIZE, WORKERS }).hashing.atOnce;
    expect(atOnce('1024')).toBe(cores);
    expect(atOnce('2')).toBe(1);
    expect(atOnce('1')).toBe(1);
    expect(atOnce('1024', '256')).toBe(Math.max(1, Math.floor(cores / 256)));
    expect(atOnce('1024', 'auto')).toBe(1);
  });

  it.each([
    ['LOGIN_THROTTLE', 'yes', 'none of on, off'],
    ['LOGIN_ATTEMPTS', '0', 'not a whole number from 1 to 1000000'],
    ['LOGIN_ATTEMPTS_USER', '-1', 'not a whole number from 1 to 1000000'],
    ['LOGIN_BACKOFF_MAX', '3601', 'not a whole number from 1 to 3600'],
    ['HASH_QUEUE', '0', 'not a whole number from 1 to 10000'],
    ['HASH_TIMEOUT', '11', 'not a whole number from 1 to 10'],
    ['UV_THREADPOOL_SIZE', '0', 'not a whole number from 1 to 1024'],
  ])('refuse %s=%j', (name, value, reason) => {
    expect(() => login({ [name]: value })).toThrow(new Error(`${name}: ${reason}`));
  });
});
