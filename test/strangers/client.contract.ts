import { login, realmOf, secret, type Servers } from './servers.js';
import type { Stranger } from './stranger.js';

/** A library as a client uses it. */
export interface Client {
  readonly servers: () => Servers;
  readonly stranger: () => Stranger;
  /** How it says who it is, as the program's top has it. */
  readonly authentication: string;
  /** Whether the library knows RFC 7009. */
  readonly revokes: boolean;
  /** What it says while the server answers 503, as its store is away. */
  readonly storeAway: string;
}

const accessToken = 'token (sya_\\S+)';
const bothTokens = new RegExp(`^${accessToken} (syr_\\S+)$`);

/** What every client must get. */
export function getsTokens({ servers, stranger, authentication, revokes, storeAway }: Client): void {
  const ask = (command: string, ...words: readonly string[]) =>
    stranger().ask(command, authentication, realmOf(servers().url), ...words);
  const check = (token: string) => ask('check', secret, token);

  async function tokens(command: string, ...words: readonly string[]): Promise<[string, string]> {
    const answer = await ask(command, secret, ...words);
    expect(answer).toMatch(bothTokens);
    const [, access, refresh] = bothTokens.exec(answer) ?? ['', '', ''];
    return [access, refresh];
  }

  it('gets a token by client credentials', async () => {
    const answer = await ask('client_credentials', secret, 'read');
    expect(answer).toMatch(new RegExp(`^${accessToken}$`));
    expect(await check(answer.split(' ')[1])).toBe('passes app');
  });

  it('gets tokens by password, and refreshes them once', async () => {
    const [first, refreshToken] = await tokens('password', 'read', ...login);
    const [second] = await tokens('refresh', refreshToken);
    expect(second).not.toBe(first);
    expect(await check(second)).toBe('passes app');
    expect(await ask('refresh', secret, refreshToken)).toBe('refused invalid_grant');
  });

  it('is told of a wrong password', async () => {
    expect(await ask('password', secret, 'read', login[0], 'wrong')).toBe('refused invalid_grant');
  });

  it('is told of a wrong secret', async () => {
    expect(await ask('client_credentials', 'wrong', 'read')).toBe('refused invalid_client');
  });

  it('is told of a scope that it may not have', async () => {
    expect(await ask('client_credentials', secret, 'mail')).toBe('refused invalid_scope');
  });

  it(`says "${storeAway}" while the server's store is away`, async () => {
    const realm = realmOf(servers().clockedUrl);
    const request = () => stranger().ask('client_credentials', authentication, realm, secret, 'read');
    expect(await servers().withoutStore(request)).toBe(storeAway);
  });

  if (!revokes) return;
  it.each([
    ['an access token', 0],
    ['a refresh token, and the access token with it', 1],
  ])('revokes %s', async (_what, revoked) => {
    const issued = await tokens('password', 'read', ...login);
    expect(await check(issued[0])).toBe('passes app');
    expect(await ask('revoke', secret, issued[revoked])).toBe('done');
    expect(await check(issued[0])).toBe('invalid_token');
  });
}
