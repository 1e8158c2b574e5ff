import { spawn } from 'node:child_process';

/** The program that opens an address in the user's browser, with the arguments before the address. */
const openers: Partial<Record<NodeJS.Platform, readonly [program: string, ...args: string[]]>> = {
  darwin: ['open'],
  linux: ['xdg-open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** Opens an address in the user's browser, if there is one. The user has the address as well, so a failure does not matter. */
export function openBrowser(address: URL): void {
  const [program, ...args] = openers[process.platform] ?? [];
  if (program === undefined) return;
  const child = spawn(program, [...args, address.href], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
