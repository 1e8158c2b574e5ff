import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { demoDataFolder, fileSettings, ServerProcess } from '../support/server-process.js';

/** A server that is tested from outside: one of docker-compose.yml, or a process with the same settings. */
export interface Target {
  /** Without a trailing slash. */
  readonly url: string;
  readonly adminUrl: string;
  readonly clientSecret: string;
  readonly userPassword: string;
}

/** The server of the profile `integration`, where its URL is set, or a process of its own that reads the same file. */
export async function integrationTarget(): Promise<Target> {
  const { TEST_INTEGRATION_URL: url, TEST_INTEGRATION_ADMIN_URL: adminUrl, ...environment } = process.env;
  const { INTEGRATION_CLIENT_SECRET: clientSecret, INTEGRATION_USER_PASSWORD: userPassword } = environment;
  if (url && adminUrl && clientSecret && userPassword) return { url, adminUrl, clientSecret, userPassword };
  const secrets = {
    INTEGRATION_CLIENT_SECRET: `@/#%?:${randomBytes(18).toString('base64')}`,
    INTEGRATION_USER_PASSWORD: `@/#%?:${randomBytes(18).toString('base64')}`,
  };
  const file = readFileSync(new URL('./config/symbolon.yaml', import.meta.url), 'utf8');
  const server = await ServerProcess.start({ ...(await fileSettings(file)), ...secrets });
  return {
    url: server.url,
    adminUrl: server.adminUrl,
    clientSecret: secrets.INTEGRATION_CLIENT_SECRET,
    userPassword: secrets.INTEGRATION_USER_PASSWORD,
  };
}

/** The URL of the profile `demo`, where it is set, or of a process of its own that serves the demo. */
export async function demoUrl(): Promise<string> {
  const { TEST_DEMO_URL: url } = process.env;
  return url ?? (await ServerProcess.start({ DEMO: 'on', DATA_DIR: await demoDataFolder() })).url;
}
