import { postForm } from '../../src/cli/http.js';
import { CannedServer } from './canned-server.js';
import { commandLine } from './command-line.js';

const running: CannedServer[] = [];

/** Starts a server that gives every request this answer, and returns its URL. */
async function answering(
  status: number,
  body: string,
  headers: Record<string, string> = {},
): Promise<string> {
  const server = await CannedServer.start((_request, response) =>
    response.writeHead(status, headers).end(body),
  );
  running.push(server);
  return server.url;
}

afterEach(() => Promise.all(running.splice(0).map((server) => server.stop())));

const askToken = ['token', '--grant', 'client_credentials', '--client-id', 'a', '--client-secret', 'b'];

describe('exits with 3 at', () => {
  const head = (status: number) =>
    `Get token info for this token:x\nResponse from token info request is:${status}\n`;
  const nobody = (status: number) => `symbolon: no authorization server answered there (status ${status})\n`;

  it.each([
    ['a page', 200, '<html>'],
    ['a JSON text', 200, '"token"'],
    ['null', 200, 'null'],
    ['an object of another kind', 200, '{"audience":"a"}'],
    ['a page that is missing', 404, 'Not Found'],
    ['a server error', 500, ''],
  ])('%s', async (_, status, body) => {
    const url = await answering(status, body);
    expect(await commandLine(['token-info', '--url', url, 'x'])).toEqual({
      status: 3,
      stdout: head(status),
      stderr: nobody(status),
    });
    expect(await commandLine([...askToken, '--url', url])).toEqual({
      status: 3,
      stdout: '',
      stderr: nobody(status),
    });
  });

  it('a server whose database is unavailable: it has refused nothing', async () => {
    const body = '{"error":"temporarily_unavailable","error_description":"The store is unavailable."}';
    const url = await answering(503, body);
    const stderr = 'symbolon: The store is unavailable.\n';
    expect(await commandLine(['token-info', '--url', url, 'x'])).toEqual({
      status: 3,
      stdout: head(503),
      stderr,
    });
    expect(await commandLine([...askToken, '--url', url])).toEqual({ status: 3, stdout: '', stderr });
  });

  it('a redirect, without following it', async () => {
    const asked: (string | undefined)[] = [];
    const elsewhere = await CannedServer.start((request, response) => {
      asked.push(request.url);
      response.end();
    });
    running.push(elsewhere);
    const url = await answering(307, '', { Location: elsewhere.url });
    const ended = await commandLine([...askToken, '--url', url]);
    expect(ended).toEqual({ status: 3, stdout: '', stderr: nobody(307) });
    expect(asked).toEqual([]);
  });

  it('a failure of TLS', async () => {
    const url = (await answering(200, '')).replace('http:', 'https:');
    const ended = await commandLine(['token-info', '--url', url, 'x']);
    expect(ended).toMatchObject({ status: 3, stdout: '' });
    expect(ended.stderr).toMatch(/^symbolon: https:\S+ cannot be reached \(.+\)\n$/);
  });
});

it('gives up on a server that does not answer', async () => {
  const silent = await CannedServer.start(() => {});
  running.push(silent);
  const asking = postForm(new URL(silent.url), new URLSearchParams(), {}, 1);
  await expect(asking).rejects.toMatchObject({
    reason: 'unreachable',
    message: `${silent.url} cannot be reached (no answer in time)`,
  });
});

it('gives up on a server that does not end its answer', async () => {
  const endless = await CannedServer.start((_request, response) => void response.write('{'));
  running.push(endless);
  const asking = postForm(new URL(endless.url), new URLSearchParams(), {}, 100);
  await expect(asking).rejects.toMatchObject({
    reason: 'unreachable',
    message: `${endless.url} cannot be reached (no answer in time)`,
  });
});

it('sends requests below the path of the base URL', async () => {
  const asked: (string | undefined)[] = [];
  const server = await CannedServer.start((request, response) => {
    asked.push(request.url);
    response.end();
  });
  running.push(server);
  await commandLine(['token-info', '--url', `${server.url}/gate/`, 'x']);
  await commandLine([...askToken, '--realm', '/a/b', '--url', `${server.url}/am`]);
  expect(asked).toEqual(['/gate/api/oauth/tokeninfo', '/am/oauth2/access_token?realm=%2Fa%2Fb']);
});

it('shows no control characters that a server sends', async () => {
  const refused = await answering(
    400,
    '{"error":"invalid_token","error_description":"a\\u001b[2J\\nb\\u009bc"}',
  );
  expect((await commandLine([...askToken, '--url', refused])).stderr).toBe('symbolon: a[2Jbc\n');
  const granted = await answering(200, '{"access_token":"a\\u001b[2J\\u009b\\u202eb"}');
  expect((await commandLine([...askToken, '--url', granted])).stdout).toBe('a[2Jb\n');
  expect((await commandLine([...askToken, '--json', '--url', granted])).stdout).toBe(
    '{"access_token":"a\\u001b[2J\\u009b\\u202eb"}\n',
  );
});
