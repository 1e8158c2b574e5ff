import { readConfig } from '../../src/config/config.js';
import { SettingsError } from '../../src/config/setting-reader.js';

type Settings = Readonly<Record<string, string>>;

const cluster: Settings = {
  TOKEN_STORE: 'cassandra',
  CASSANDRA_CONTACT_POINTS: '127.0.0.1',
  CASSANDRA_LOCAL_DATACENTER: 'dc1',
};

describe('a list of settings', () => {
  const names = [
    'AXWAY_REALMS',
    'AXWAY_TOKENINFO_METHODS',
    'METRICS_LABELS',
    'SELECTOR_ENV',
    'TRUSTED_PROXIES',
    'CASSANDRA_CONTACT_POINTS',
    'CASSANDRA_REPLICATION',
  ];
  it.each(
    names.flatMap((name) => [',', ' ', ' , ', ',a', 'a,', 'a,,b'].map((value) => [name, value] as const)),
  )('%s is refused with an empty member: %j', (name, value) => {
    expect(() => readConfig({ ...cluster, [name]: value })).toThrow(
      new SettingsError([`${name}: a member of the list is empty`]),
    );
  });

  it('has its default where it is empty, and may have spaces around its members', () => {
    expect(readConfig({ AXWAY_REALMS: '' }).tokenInfo.axwayRealms).toBeUndefined();
    expect(readConfig({ AXWAY_REALMS: '/ , /alpha' }).tokenInfo.axwayRealms).toEqual(['/', '/alpha']);
  });
});

describe('the issuer', () => {
  const beyond: Settings = { CONFIG_FILE: 'symbolon.yaml' };

  it.each(['0.0.0.0', '::', '0', '::0', '0:0:0:0:0:0:0:0', '::ffff:0.0.0.0', '0x0'])(
    'is localhost, with a warning, where HOST is %s',
    (HOST) => {
      const { issuer, warnings, host } = readConfig({ ...beyond, HOST });
      expect({ issuer, host }).toEqual({ issuer: 'http://localhost:8080', host: HOST });
      expect(warnings).toEqual([
        'ISSUER: HOST is every address, so the issuer is http://localhost:8080: clients on other machines cannot use it; set ISSUER to the URL that they use',
      ]);
    },
  );

  it.each([
    ['127.0.0.1', 'http://127.0.0.1:8080'],
    ['::1', 'http://[::1]:8080'],
    ['localhost', 'http://localhost:8080'],
  ])('is that of HOST=%s, without a warning', (HOST, issuer) => {
    expect(readConfig({ ...beyond, HOST })).toMatchObject({ issuer, warnings: [] });
  });

  const plain =
    'ISSUER: plain HTTP: passwords, cookies and tokens can be read on the way; let clients use https';

  it.each([
    [{ HOST: '10.0.0.1' }, [plain]],
    [{ HOST: 'sso.example.com' }, [plain]],
    [{ ISSUER: 'http://sso.example.com/am' }, [plain]],
    [{ ISSUER: 'https://sso.example.com' }, []],
    [{ ISSUER: 'http://[::1]:8080' }, []],
    [{ ISSUER: 'http://127.0.0.1:8080/am' }, []],
  ])(
    'of %j is warned of where browsers reach it by plain HTTP off this machine: %j',
    (settings, warnings) => {
      expect(readConfig({ ...beyond, ...settings }).warnings).toEqual(warnings);
    },
  );

  it('names no port in its warning where PORT=0 leaves it open', () => {
    expect(readConfig({ ...beyond, HOST: '0.0.0.0', PORT: '0' }).warnings).toEqual([
      'ISSUER: HOST is every address, so the issuer is http://localhost:PORT: clients on other machines cannot use it; set ISSUER to the URL that they use',
    ]);
  });

  it('is what is set, with a warning where that is no address', () => {
    const set = (ISSUER: string) => readConfig({ ...beyond, HOST: '0.0.0.0', ISSUER });
    expect(set('https://sso.example.com')).toMatchObject({ issuer: 'https://sso.example.com', warnings: [] });
    expect(() => set('https://sso.example.com:0/a')).toThrow(
      new SettingsError(['ISSUER: nobody can reach port 0']),
    );
    expect(set('http://[::]:8080/a').warnings).toEqual([
      'ISSUER: an address of no machine: clients on other machines cannot use it; set ISSUER to the URL that they use',
    ]);
  });
});
