import type { Servers } from './servers.js';

/** A library as a resource server uses it. */
export interface ResourceServer {
  readonly servers: () => Servers;
  /** What a resource that asks for the scope `read` makes of a token of the server at this base URL. */
  readonly check: (url: string, token: string) => Promise<string>;
  /** What it says while the server answers 503, as its store is away. */
  readonly storeAway: string;
  /** What it says when the server has been stopped. */
  readonly stopped: string;
}

/** What every resource server must make of tokens. Its last test stops the built server. */
export function judgesTokens({ servers, check, storeAway, stopped }: ResourceServer): void {
  it('passes a live token', async () => {
    const { url } = servers();
    expect(await check(url, await servers().token(url, 'read write'))).toBe('passes app');
  });

  it('refuses a token without the scope', async () => {
    const { url } = servers();
    expect(await check(url, await servers().token(url, 'write'))).toBe('insufficient_scope');
  });

  it('refuses an unknown token', async () => {
    expect(await check(servers().url, 'unknown')).toBe('invalid_token');
  });

  it('refuses a token that has been revoked since it passed', async () => {
    const { url } = servers();
    const token = await servers().token(url, 'read');
    expect(await check(url, token)).toBe('passes app');
    await servers().revoke(url, token);
    expect(await check(url, token)).toBe('invalid_token');
  });

  it('refuses an expired token', async () => {
    const token = await servers().expiredToken();
    expect(await check(servers().clockedUrl, token)).toBe('invalid_token');
  });

  it(`says "${storeAway}" of a live token while the server's store is away, and passes it afterwards`, async () => {
    const { clockedUrl } = servers();
    const token = await servers().token(clockedUrl, 'read');
    expect(await servers().withoutStore(() => check(clockedUrl, token))).toBe(storeAway);
    expect(await check(clockedUrl, token)).toBe('passes app');
  });

  it(`says "${stopped}" when the server has been stopped`, async () => {
    const { url } = servers();
    const token = await servers().token(url, 'read');
    await servers().stopBuilt();
    expect(await check(url, token)).toBe(stopped);
  });
}
