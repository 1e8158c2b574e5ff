import { createHmac, randomBytes } from 'node:crypto';
import { HmacSha256 } from '../../src/domain/hmac.js';

it.each([0, 1, 31, 32, 63, 64])('is HMAC-SHA-256 under a key of %i bytes', (length) => {
  const key = randomBytes(length);
  const hmac = new HmacSha256(key);
  for (const text of [
    '',
    'sya_',
    `sya_${randomBytes(32).toString('base64url')}`,
    'x'.repeat(200),
    '\u00ff\u0000',
  ]) {
    expect(hmac.of(text)).toEqual(createHmac('sha256', key).update(text, 'latin1').digest());
  }
});
