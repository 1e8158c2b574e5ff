import { createHash } from 'node:crypto';
import { isPasswordHash, isSecretHash } from '../../src/domain/secret.js';
import { Argon2idHasher } from '../../src/hashing/argon2id.js';
import { commandLine } from './command-line.js';

it.each(['Ch4ng31t\n', 'Ch4ng31t\r\nanother line\n', 'Ch4ng31t'])(
  'hashes one line of standard input',
  async (input) => {
    const { stdout, ...rest } = await commandLine(['hash'], { input });
    expect(rest).toEqual({ status: 0, stderr: '' });
    expect(stdout.endsWith('\n')).toBe(true);
    expect(isPasswordHash(stdout.trim())).toBe(true);
    expect(await new Argon2idHasher().verify(stdout.trim(), 'Ch4ng31t')).toBe(true);
  },
);

it.each([
  ['nothing', '', 'Password: nothing was entered'],
  ['an empty password', '\n', 'the password is empty'],
  ['a password of more than 1024 bytes', `${'é'.repeat(513)}\n`, 'the password is longer than 1024 bytes'],
])('exits with 2 at %s', async (_, input, reason) => {
  expect(await commandLine(['hash'], { input })).toEqual({
    status: 2,
    stdout: '',
    stderr: `symbolon: ${reason}\n`,
  });
});

it('makes a client secret and its hash', async () => {
  const { stdout, ...rest } = await commandLine(['hash', '--generate']);
  expect(rest).toEqual({ status: 0, stderr: '' });
  const [, secret, hash] = /^client_secret: (\S+)\nclient_secret_hash: (\S+)\n$/.exec(stdout) ?? [];
  expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
  expect(hash).toBe(`sha256:${createHash('sha256').update(secret).digest('base64url')}`);
  expect(isSecretHash(hash)).toBe(true);
});
