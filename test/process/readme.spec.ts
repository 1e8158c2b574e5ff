import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parseConfiguration } from '../../src/provisioning/parse.js';
import { fastForms } from '../provisioning/fast-hasher.js';
import { temporaryFolder } from '../support/database.js';
import { demoDataFolder, ServerProcess } from '../support/server-process.js';

const repository = fileURLToPath(new URL('../../', import.meta.url));
function read(path: string): string {
  return readFileSync(join(repository, path), 'utf8');
}

/** The pages whose walks and tables are checked against the server. */
const readme = read('README.md') + read('docs/endpoints.md');
const run = promisify(execFile);

/** The first code block of a language after a text of the pages. */
function blockAfter(text: string, language: string): string {
  const from = readme.indexOf(text);
  const block = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'ms').exec(readme.slice(from));
  if (from < 0 || !block) throw new Error(`the README has no ${language} block after ${text}`);
  return block[1];
}

/** The rows of the table whose first column has this heading, cell by cell. */
function table(heading: string): string[][] {
  const [, rows] = new RegExp(`^\\| *${heading} *\\|.*\\n.*\\n((?:\\|.*\\n)*)`, 'm').exec(readme) ?? ['', ''];
  const lines = rows.split('\n').slice(0, -1);
  return lines.map((line) => line.split('|').slice(1, -1));
}

/** The texts in backticks. */
function code(cell: string): string[] {
  return [...cell.matchAll(/`([^`]*)`/g)].map(([, text]) => text);
}

/** Runs a block as it is written, against a server on another port. */
async function walk(block: string, server: ServerProcess): Promise<string> {
  const script = block.replaceAll('http://127.0.0.1:8080', server.url);
  const { stdout } = await run('bash', ['--norc', '-euo', 'pipefail', '-c', script], { cwd: repository });
  return stdout;
}

/** The members of an answer in their order, with the type of a value that differs each time. */
function members(json: string): [string, unknown][] {
  return Object.entries(JSON.parse(json) as Record<string, unknown>).map(([name, value]) =>
    name === 'access_token' || name === 'expires_in' ? [name, typeof value] : [name, value],
  );
}

describe('README', () => {
  let server: ServerProcess;

  beforeAll(async () => {
    server = await ServerProcess.start({ DATA_DIR: await demoDataFolder() });
  });

  afterAll(() => ServerProcess.endAll());

  it.each([
    ['forgerock', 1],
    ['axway', 2],
  ])('the walk "%s" gets the answers that it shows', async (name, answers) => {
    const mark = `<!-- walk: ${name} -->`;
    const output = await walk(blockAfter(mark, 'sh'), server);
    const bodies = output.replaceAll('}{', '}\n{').split('\n');
    expect(bodies).toHaveLength(answers);
    for (const body of bodies) expect(members(body)).toEqual(members(blockAfter(mark, 'json')));
  });

  it('the walk through a token’s life gets the answers that it shows, and ends the token', async () => {
    const mark = '<!-- walk: life -->';
    const output = await walk(blockAfter(mark, 'sh'), server);
    const answers = JSON.parse(`[${output.replaceAll('}{', '},{')}]`) as Record<string, unknown>[];
    expect(answers.slice(0, 5)).toEqual([
      expect.objectContaining({ grant_type: 'password', realm: '/alpha', mail: 'demo@example.com' }),
      expect.objectContaining({ audience: 'myClient', user_id: 'demo', scope: 'write mail' }),
      expect.objectContaining({ grant_type: 'refresh_token', realm: '/alpha' }),
      expect.objectContaining({ active: true, username: 'demo', realm: '/alpha' }),
      {},
    ]);
    expect(answers.slice(5)).toEqual(JSON.parse(blockAfter(mark, 'json')));
  });

  it('the walk by the command line prints what the vendor prints', async () => {
    const block = blockAfter('Or by the command line', 'sh');
    const commandLine = `${process.execPath} dist/src/cli/main.js`;
    const output = await walk(
      block.replaceAll(
        /npm exec --no -- symbolon ([a-z-]+)/g,
        `${commandLine} $1 --url http://127.0.0.1:8080`,
      ),
      server,
    );
    expect(output.split('\n')).toEqual([
      expect.stringMatching(/^Get token info for this token:sya_[A-Za-z0-9_-]{54}$/),
      'Response from token info request is:200',
      '**********************TOKEN INFO RESPONSE***********************************',
      'Token audience received from authorization server:myClient',
      'Scopes user consented to:write',
      expect.stringMatching(/^Token expiry time:(3600|35\d\d)$/),
      'User id :demo',
      '******************************************************************************',
      '',
    ]);
  });

  it('npm finds the command line', async () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    const { stdout } = await run('npm', ['exec', '--no', '--', 'symbolon', '--version'], { cwd: repository });
    expect(stdout.trim()).toBe(version);
  });

  it('the lines before docker compose write two files that the server accepts', async () => {
    const folder = await temporaryFolder();
    for (const file of ['symbolon.example.yaml', '.env.example', 'config/.gitignore']) {
      await cp(join(repository, file), join(folder, file));
    }
    const [, ...lines] = blockAfter('<!-- walk: compose -->', 'sh').trim().split('\n').reverse();
    await run('bash', ['--norc', '-euo', 'pipefail', '-c', lines.reverse().join('\n')], { cwd: folder });
    const env = Object.fromEntries(
      [...readFileSync(join(folder, '.env'), 'utf8').matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [
        name,
        value,
      ]),
    );
    const { COMPOSE_PROFILES, ...secrets } = env;
    expect(COMPOSE_PROFILES).toBe('server');
    const values = Object.values(secrets);
    expect(values).toEqual(values.map(() => expect.stringMatching(/^[0-9a-f]{32}$/)));
    expect(new Set(values).size).toBe(3);
    const text = readFileSync(join(folder, 'config/symbolon.yaml'), 'utf8');
    const { realms } = parseConfiguration({ file: 'symbolon.yaml', text }, env, fastForms);
    expect(realms.map(({ name }) => name)).toEqual(['/alpha']);
  });

  describe('lists endpoints', () => {
    const rows = table('endpoint').flatMap(([paths, methods]) =>
      code(paths).map((path) => [path, methods.trim().split(', ')] as const),
    );

    /** The status of the answer to a request without a body. */
    function status(method: string, path: string): Promise<number | undefined> {
      return new Promise((resolve, reject) => {
        const outgoing = request(server.url + path, { method, agent: false });
        outgoing.once('error', reject);
        outgoing.once('response', (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        outgoing.end();
      });
    }

    it('some', () => {
      expect(rows.length).toBeGreaterThanOrEqual(7);
    });

    it.each(rows)('%s answers to %j alone', async (path, methods) => {
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE']) {
        const answered = await status(method, path);
        expect(answered).not.toBe(404);
        expect([method, answered === 405]).toEqual([method, !methods.includes(method)]);
      }
    });
  });
});
