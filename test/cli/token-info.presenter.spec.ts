import { readTokenInfo, tokenInfoLayout } from '../../src/cli/token-info.presenter.js';

const info = {
  audience: 'SampleConfidentialApp',
  scope: 'https://localhost:8090/auth/userinfo.email',
  expiresIn: 3566,
  userId: 'admin',
};

/** The sample in the vendor's documentation. */
const sample = `Get token info for this token:BcYGjPOQSCrtbEc1F0ag8zf6OT9rCaMLiI1dYjFLT5zhxz3x5ScrdN
Response from token info request is:200
**********************TOKEN INFO RESPONSE***********************************
Token audience received from authorization server:SampleConfidentialApp
Scopes user consented to:https://localhost:8090/auth/userinfo.email
Token expiry time:3566
User id :admin
******************************************************************************`;

it("prints exactly the vendor's sample", () => {
  expect(tokenInfoLayout('BcYGjPOQSCrtbEc1F0ag8zf6OT9rCaMLiI1dYjFLT5zhxz3x5ScrdN', 200, info)).toBe(sample);
});

it('prints the first two lines where there is no token information', () => {
  expect(tokenInfoLayout('x', 400)).toBe(
    'Get token info for this token:x\nResponse from token info request is:400',
  );
});

it.each([
  ['an escape sequence', 'ad\x1B[2Jmin', 'ad[2Jmin'],
  ['an escape sequence in its C1 form', 'ad\x9B2Jmin', 'ad2Jmin'],
  ['a new line', 'admin\r\nUser id :root', 'adminUser id :root'],
  ['a reversed text direction', 'admin\u202Etoor', 'admintoor'],
])('does not let a text add %s', (_, text, printed) => {
  const layout = tokenInfoLayout(text, 200, { audience: text, scope: text, expiresIn: 1, userId: text });
  const plain = tokenInfoLayout(printed, 200, {
    audience: printed,
    scope: printed,
    expiresIn: 1,
    userId: printed,
  });
  expect(layout).toBe(plain);
});

it('keeps the letters of every script', () => {
  expect(tokenInfoLayout('x', 200, { ...info, userId: 'Зоя 佐藤 م' })).toContain('\nUser id :Зоя 佐藤 م\n');
});

const members = { audience: 'a', user_id: 'u', scope: 's', expires_in: 1 };

it('reads token information with additional members', () => {
  expect(readTokenInfo({ status: 200, members: { ...members, Department: 'Engineering' } })).toEqual({
    audience: 'a',
    scope: 's',
    expiresIn: 1,
    userId: 'u',
  });
});

it.each([
  ['a refusal', { status: 400, members }],
  ['a missing member', { status: 200, members: { ...members, user_id: undefined } }],
  ['a member of another type', { status: 200, members: { ...members, expires_in: '1' } }],
])('reads none from %s', (_, answer) => {
  expect(readTokenInfo(answer)).toBeUndefined();
});
