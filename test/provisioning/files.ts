import { parseConfiguration } from '../../src/provisioning/parse.js';
import { fastForms } from './fast-hasher.js';
import { ConfigurationFileError } from '../../src/provisioning/problems.js';
import type { Environment } from '../../src/config/setting-reader.js';

/** A hash of argon2id's form. */
export const argon2id = `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** The realms of a configuration file. */
export function parse(text: string, env: Environment = {}) {
  return parseConfiguration({ file: 'symbolon.yaml', text }, env, fastForms).realms;
}

/** All problems for which a configuration file is refused; empty if it is accepted. */
export function problemsOf(text: string, env: Environment = {}): readonly string[] {
  try {
    parse(text, env);
  } catch (error) {
    if (error instanceof ConfigurationFileError) return error.problems;
    throw error;
  }
  return [];
}

/** A file whose realm `/alpha`, client `c` or user `u` holds the given line as its line 5. */
export const at = {
  realm: (line: string) => `realms:\n  - name: /alpha\n    clients: []\n    users: []\n    ${line}\n`,
  client: (line: string) =>
    `realms:\n  - name: /alpha\n    clients:\n      - client_id: c\n        ${line}\n        client_name: C\n`,
  user: (line: string) =>
    `realms:\n  - name: /alpha\n    users:\n      - username: u\n        ${line}\n        attributes: {a: b}\n`,
};

/** A key as it is appended to the key of its entry. */
export function childOf(key: string): string {
  return key.startsWith('[') ? key : `.${key}`;
}
