import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { Agent, type IncomingMessage, request, type RequestOptions } from 'node:http';
import { join } from 'node:path';
import { commandLine } from '../cli/command-line.js';
import { appCredentials } from './configuration.js';
import { temporaryFolder } from './database.js';
import { ServerProcess, type Settings } from './server-process.js';
import { formType } from './token-endpoint.js';

/** A node's answer. */
interface Said {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The tokens of a grant. */
export interface Granted {
  readonly access: string;
  readonly refresh: string;
}

/** Server processes on one database, which commands change from this process. */
export class Nodes {
  /** Empty until the nodes are started. */
  readonly servers: ServerProcess[] = [];

  private constructor(
    private readonly settings: Settings,
    private readonly folder: string,
  ) {}

  /** @param settings of every node and command */
  static async on(settings: Settings): Promise<Nodes> {
    return new Nodes({ CONFIG_FILE: 'unused', ...settings }, await temporaryFolder());
  }

  /** Starts this many nodes with this configuration. */
  async start(count: number, configuration: string): Promise<void> {
    const CONFIG_FILE = await this.file(configuration);
    const starts = Array.from({ length: count }, () =>
      ServerProcess.start({ ...this.settings, CONFIG_FILE }),
    );
    this.servers.push(...(await Promise.all(starts)));
  }

  /** Resolves when each node uses its cache; with the embedded database a node always does. */
  async listening(): Promise<void> {
    await Promise.all(this.servers.map((node) => node.logged('change feed connected: cache in use')));
  }

  /** Runs `symbolon apply` with this configuration. */
  async apply(configuration: string): Promise<void> {
    await this.run('apply', await this.file(configuration));
  }

  /** Runs `symbolon import tokens` with these lines. */
  async import(...lines: readonly object[]): Promise<void> {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    await this.run('import', 'tokens', await this.file(text));
  }

  /** Requests tokens from a node, as the client `app` except as stated. */
  async grant(node: ServerProcess, form: Readonly<Record<string, string>>, realm = ''): Promise<Granted> {
    const said = await post(node, `/oauth2${realm}/token`, { ...appCredentials, ...form });
    expect(said).toMatchObject({ status: 200 });
    const { access_token: access, refresh_token: refresh } = said.body as Readonly<Record<string, string>>;
    return { access, refresh };
  }

  /** Revokes a token of the client `app`. */
  async revoke(node: ServerProcess, token: string): Promise<void> {
    const said = await post(node, '/oauth2/token/revoke', { ...appCredentials, token });
    expect(said).toMatchObject({ status: 200 });
  }

  private async file(text: string): Promise<string> {
    const path = join(this.folder, 'file');
    await writeFile(path, text);
    return path;
  }

  private async run(...command: string[]): Promise<void> {
    expect(await commandLine(command, { env: this.settings })).toMatchObject({ status: 0, stderr: '' });
  }
}

/** The answer of a node's ForgeRock tokeninfo for a token. */
export function tokenInfo(node: ServerProcess, token: string): Promise<Said> {
  return ask(node, { path: '/oauth2/tokeninfo', headers: { authorization: `Bearer ${token}` } });
}

export async function isDead(node: ServerProcess, token: string): Promise<boolean> {
  return (await tokenInfo(node, token)).status === 401;
}

function post(node: ServerProcess, path: string, form: Readonly<Record<string, string>>): Promise<Said> {
  const headers = { 'content-type': formType };
  return ask(node, { method: 'POST', path, headers }, new URLSearchParams(form).toString());
}

/** Tests send thousands of requests: connections are reused, and `fetch` would take twice as long. */
const agent = new Agent({ keepAlive: true });

async function ask({ port }: ServerProcess, options: RequestOptions, body?: string): Promise<Said> {
  const outgoing = request({ host: '127.0.0.1', port, agent, ...options }).end(body);
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of incoming.setEncoding('utf8')) text += chunk;
  return { status: incoming.statusCode ?? 0, body: JSON.parse(text) as Said['body'] };
}
