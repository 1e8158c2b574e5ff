import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/config/config.js';
import { SettingsError } from '../../src/config/setting-reader.js';
import { type Setting, type SettingName, settings } from '../../src/config/settings.js';
import { parseConfiguration } from '../../src/provisioning/parse.js';
import { ConfigurationFileError } from '../../src/provisioning/problems.js';

const secretNames = settings.filter((setting: Setting) => setting.secret).map(({ name }) => name);
const url = 'postgres://u@127.0.0.1/db';
const cluster = {
  TOKEN_STORE: 'cassandra',
  CASSANDRA_CONTACT_POINTS: '127.0.0.1',
  CASSANDRA_LOCAL_DATACENTER: 'dc1',
  CASSANDRA_USERNAME: 'u',
};
/** Settings beside which each secret setting is read. */
const beside: Partial<Record<SettingName, Readonly<Record<string, string>>>> = {
  PGPASSWORD: { DATABASE_URL: url },
  CHANGE_FEED_URL: { DATABASE_URL: url },
  CASSANDRA_PASSWORD: cluster,
};

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secret-files-'));
  file = join(folder, 'secret');
});

const databaseUrl = (environment: Readonly<Record<string, string>>) => {
  const { database } = readConfig(environment);
  return database.kind === 'server' ? database.url : undefined;
};

describe('a secret setting', () => {
  it('has a setting that names its file', () => {
    const names: readonly string[] = settings.map(({ name }) => name);
    expect(secretNames).toEqual(['DATABASE_URL', 'PGPASSWORD', 'CHANGE_FEED_URL', 'CASSANDRA_PASSWORD']);
    expect(secretNames.filter((name) => !names.includes(`${name}_FILE`))).toEqual([]);
  });

  it('is read from its file, without one newline at the end', async () => {
    for (const end of ['', '\n', '\r\n']) {
      await writeFile(file, `${url}${end}`);
      expect(databaseUrl({ DATABASE_URL_FILE: file })).toBe(url);
    }
    await writeFile(file, '\ufeffpäss wörd\n\n');
    expect(readConfig({ ...cluster, CASSANDRA_PASSWORD_FILE: file }).cassandra?.login).toEqual({
      username: 'u',
      password: 'päss wörd\n',
    });
  });

  it('may be the password of a database URL that has none, with any characters', async () => {
    const password = '@/#%?&:+ =[]\'"\\é$';
    await writeFile(file, password);
    const ways: Readonly<Record<string, string>>[] = [{ PGPASSWORD_FILE: file }, { PGPASSWORD: password }];
    for (const environment of ways) {
      const read = new URL(databaseUrl({ DATABASE_URL: `${url}?host=%2Ftmp`, ...environment }) ?? '');
      expect(read.searchParams.get('password')).toBe(password);
      expect(databaseUrl({ DATABASE_URL: 'postgres://u:own@127.0.0.1/db', ...environment })).toContain('db');
      expect(databaseUrl({ DATABASE_URL: 'postgres://u:own@127.0.0.1/db', ...environment })).not.toContain(
        'password',
      );
    }
  });

  it.each(secretNames)('%s cannot be set in both ways', async (name) => {
    await writeFile(file, url);
    expect(() => readConfig({ ...beside[name], [name]: url, [`${name}_FILE`]: file })).toThrow(
      new SettingsError([`${name}_FILE: ${name} is set, too: only one of them can be`]),
    );
  });

  it.each(secretNames)(
    '%s is refused by the name of its setting where its file cannot be used',
    async (name) => {
      const refusal = (path: string) => () => readConfig({ ...beside[name], [`${name}_FILE`]: path });
      const refused = (reason: string) => new SettingsError([`${name}_FILE: the file ${reason}`]);
      expect(refusal(file)).toThrow(refused('cannot be read (ENOENT)'));
      expect(refusal(folder)).toThrow(refused('cannot be read (EISDIR)'));
      await writeFile(file, '\n');
      expect(refusal(file)).toThrow(refused('is empty'));
      await writeFile(file, Buffer.from('naïve', 'latin1'));
      expect(refusal(file)).toThrow(refused('is not UTF-8'));
      await writeFile(file, Buffer.from('naive', 'utf16le'));
      expect(refusal(file)).toThrow(refused('contains NUL: it must be UTF-8, not UTF-16'));
      await chmod(file, 0);
      // Root may read any file.
      if (process.getuid?.() !== 0) expect(refusal(file)).toThrow(refused('cannot be read (EACCES)'));
    },
  );
});

describe('${file:PATH} in a configuration file', () => {
  /** Its problems, or the password that it makes. */
  function passwordOf(written: string): unknown {
    const text = `realms:\n  - name: /\n    users:\n      - username: u\n        password: ${written}\n`;
    try {
      const source = { file: join(folder, 'symbolon.yaml'), text };
      return parseConfiguration(source, { NAME: 'value' }).realms[0].users[0].password;
    } catch (error) {
      if (error instanceof ConfigurationFileError)
        return error.problems.map((line) => line.replaceAll(folder, ''));
      throw error;
    }
  }

  it('is the text of the file, without one newline at the end', async () => {
    await writeFile(file, 'pä${NAME}: [#\r\n');
    expect(passwordOf(`\${file:${file}}`)).toBe('pä${NAME}: [#');
    expect(passwordOf(`"a-\${file:secret}-\${NAME}"`)).toBe('a-pä${NAME}: [#-value');
    expect(passwordOf("'$${file:secret}'")).toBe('${file:secret}');
  });

  it('may be a number', async () => {
    await writeFile(file, '5\n');
    const source = {
      file: join(folder, 'symbolon.yaml'),
      text: 'realms:\n  - name: /\n    auth_level: ${file:secret}\n',
    };
    expect(parseConfiguration(source, {}).realms[0].auth_level).toBe(5);
  });

  it('is refused with its line where the file cannot be used', async () => {
    const where = '/symbolon.yaml:5: realms[0].users[0].password:';
    expect(passwordOf('${file:none}')).toEqual([`${where} the file cannot be read (ENOENT): none`]);
    expect(passwordOf('${file:.}')).toEqual([`${where} the file cannot be read (EISDIR): .`]);
    expect(passwordOf('${file:}')).toEqual([
      `${where} a \${ must begin \${NAME} or \${file:PATH}; write $\${ for the characters themselves`,
    ]);
    await writeFile(file, '');
    expect(passwordOf('${file:secret}')).toEqual([`${where} the file is empty: secret`]);
    await writeFile(file, Buffer.from('naïve', 'latin1'));
    expect(passwordOf('${file:secret}')).toEqual([`${where} the file is not UTF-8: secret`]);
  });
});
