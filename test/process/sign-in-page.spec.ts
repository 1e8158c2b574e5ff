import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { FixedAddressApp } from '../support/fixed-address-app.js';
import { freePort } from '../support/free-port.js';
import { Visitor } from '../support/visitor.js';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(`${repository}docs/sign-in.md`, 'utf8');
const secret = 'web-secret';
const users = { name: '/alpha', users: [{ username: 'ann', password: 'ann-password' }] };

/** The code block after a mark of the page. */
function block(name: string): string {
  const [, text] = new RegExp(`<!-- tested: ${name} -->\\n\\n\`\`\`\\w+\\n(.*?)\`\`\``, 's').exec(page) ?? [];
  if (text === undefined) throw new Error(`docs/sign-in.md has no block ${name}`);
  return text;
}

let door: FixedAddressApp;
const children: ChildProcess[] = [];

beforeAll(async () => {
  const configuration = block('clients')
    .replace('${WEB_SECRET}', secret)
    .replace('    clients:', `    users: ${JSON.stringify(users.users)}\n    clients:`);
  door = await FixedAddressApp.open('', { hasher: new FastHasher(), configuration });
});
afterAll(async () => {
  for (const child of children) child.kill();
  await Promise.all(
    children
      .filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)
      .map((child) => once(child, 'exit')),
  );
  await door.close();
});

/** Runs a program of the page against the server, and reads what it prints line by line. */
function run(program: string): AsyncIterator<string> {
  const text = program.replaceAll('http://127.0.0.1:8080', door.url);
  const child = spawn(process.execPath, ['--input-type=module', '--eval', text], {
    cwd: repository,
    env: { WEB_SECRET: secret },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  return lines(child);
}

async function* lines({ stdout }: ChildProcess): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of stdout?.setEncoding('utf8') ?? []) {
    rest += chunk;
    const whole = rest.split('\n');
    rest = whole.pop() ?? '';
    yield* whole;
  }
}

const next = async (output: AsyncIterator<string>) => (await output.next()).value as string;

/** Goes to an address as the user, allows what is asked for, and returns where that leads. */
async function allow(address: string): Promise<string> {
  const { pathname, search } = new URL(address);
  const { location = '' } = await new Visitor(door).allow(pathname + search);
  return location;
}

it('the web application signs its user in', async () => {
  const program = block('web').replaceAll('3000', String(await freePort()));
  const start = await next(run(program));
  const begun = await fetch(start, { redirect: 'manual' });
  const [cookie] = (begun.headers.get('set-cookie') ?? '').split(';');
  const back = await allow(begun.headers.get('location') ?? '');
  expect(await (await fetch(back, { headers: { cookie } })).text()).toBe(
    'Hello ann, your token has the scope mail.',
  );
  const stolen = await fetch(back, { headers: { cookie: '' } });
  expect([stolen.status, await stolen.text()]).toEqual([400, expect.stringMatching(/^The sign-in failed: /)]);
});

it('the command-line tool signs its user in', async () => {
  const output = run(block('tool'));
  const back = await allow(await next(output));
  expect(await (await fetch(back)).text()).toBe('You can close this window.');
  expect(await next(output)).toBe('The token has the scope read.');
});

it('the mobile application signs its user in', async () => {
  const callBack = `
    import { createInterface } from 'node:readline';
    const begun = await begin();
    console.log(begun.address.href);
    for await (const url of createInterface({ input: process.stdin })) {
      console.log(JSON.stringify(await finish(url, begun)));
    }`;
  const text = (block('mobile') + callBack).replaceAll('http://127.0.0.1:8080', door.url);
  const child = spawn(process.execPath, ['--input-type=module', '--eval', text], {
    cwd: repository,
    env: {},
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const output = lines(child);
  const back = await allow(await next(output));
  expect(back).toMatch(/^com\.example\.shop:\/callback\?code=/);
  child.stdin.end(`${back}\n`);
  expect(JSON.parse(await next(output))).toMatchObject({ token_type: 'bearer', scope: 'read' });
});
