import { challengeOf, isCodeChallenge, isCodeVerifier, isVerifierOf } from '../../src/domain/pkce.js';

/** The sample of RFC 7636 appendix B. */
const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

it('RFC 7636 appendix B makes the challenge of the verifier', () => {
  expect(challengeOf(verifier)).toBe(challenge);
  expect(isVerifierOf(challenge, verifier)).toBe(true);
});

it.each([42, 43, 128, 129])('RFC 7636 §4.1 takes verifiers of 43 to 128 characters, not of %i', (length) => {
  const text = 'a'.repeat(length);
  const good = length === 43 || length === 128;
  expect(isCodeVerifier(text)).toBe(good);
  expect(isVerifierOf(challengeOf(text), text)).toBe(good);
});

it.each(['+', '/', '=', ' ', 'ä', '\n', '%'])('RFC 7636 §4.1 takes no verifier with %j', (character) => {
  const text = `${'a'.repeat(43)}${character}`;
  expect(isCodeVerifier(text)).toBe(false);
  expect(isVerifierOf(challengeOf(text), text)).toBe(false);
});

it('RFC 7636 §4.2 takes challenges of 43 base64url characters', () => {
  expect(isCodeChallenge(challenge)).toBe(true);
  for (const text of [
    challenge.slice(1),
    `${challenge}A`,
    `${challenge.slice(1)}=`,
    `${challenge.slice(1)}.`,
  ]) {
    expect(isCodeChallenge(text)).toBe(false);
  }
});

it('another verifier, the challenge itself and an empty text prove nothing', () => {
  for (const text of [`${verifier.slice(1)}A`, challenge, ''])
    expect(isVerifierOf(challenge, text)).toBe(false);
});
