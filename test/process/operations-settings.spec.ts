import { readConfig } from '../../src/config/config.js';

const operations = (settings: Readonly<Record<string, string>> = {}) => readConfig(settings).operations;

describe('the settings of the operator', () => {
  it('open the listener on loopback, and count messages by the user, unless they say otherwise', () => {
    expect(operations()).toEqual({
      admin: { host: '127.0.0.1', port: 9000 },
      metrics: { auth: 'none', labels: [] },
      monitoring: {
        count: 'clients',
        client: 'subject',
        composite: undefined,
        rows: 2000,
        days: 90,
        flush: 10,
      },
      auditDays: 365,
    });
  });

  it('take what they name', () => {
    expect(operations({ ADMIN_PORT: 'off' }).admin).toBeUndefined();
    expect(operations({ ADMIN_PORT: '0', PORT: '0' }).admin?.port).toBe(0);
    expect(operations({ ADMIN_PORT: '8080', ADMIN_HOST: '::1' }).admin).toEqual({ host: '::1', port: 8080 });
    expect(operations({ METRICS_LABELS: 'client,realm' }).metrics.labels).toEqual(['realm', 'client']);
    expect(operations({ MONITORING_CLIENT: 'authentication.application.id' }).monitoring.client).toBe(
      'application',
    );
    expect(operations({ MONITORING_CLIENT: 'http.headers["X-App"]' }).monitoring.client).toEqual({
      selector: '${http.headers["X-App"]}',
    });
    expect(operations({ MONITORING_COMPOSITE: 'OAuth services' }).monitoring.composite).toBe(
      'OAuth services',
    );
  });

  it.each([
    ['ADMIN_PORT', 'on', 'neither off nor a whole number from 0 to 65535'],
    ['ADMIN_PORT', '65536', 'neither off nor a whole number from 0 to 65535'],
    ['ADMIN_PORT', '-1', 'neither off nor a whole number from 0 to 65535'],
    ['ADMIN_PORT', '8080', 'the public listener has the same port (PORT)'],
    ['METRICS_AUTH', 'on', 'none of none, token'],
    ['METRICS_LABELS', 'realm,user', 'not a comma-separated list of realm and client'],
    ['MONITORING', 'on', 'none of clients, services, off'],
    [
      'MONITORING_COMPOSITE',
      '/oauth2/token',
      'not a name of 1 to 100 characters that does not begin with a slash',
    ],
    ['MONITORING_COMPOSITE', 'a\nb', 'not a name of 1 to 100 characters that does not begin with a slash'],
    [
      'MONITORING_COMPOSITE',
      'x'.repeat(101),
      'not a name of 1 to 100 characters that does not begin with a slash',
    ],
    ['MONITORING_ROWS', '99', 'not a whole number from 100 to 100000'],
    ['MONITORING_DAYS', '0', 'not a whole number from 1 to 3650'],
    ['MONITORING_FLUSH', '61', 'not a whole number from 1 to 60'],
    ['AUDIT_DAYS', '0', 'not a whole number from 1 to 36500'],
  ])('refuse %s=%j', (name, value, reason) => {
    expect(() => operations({ [name]: value })).toThrow(new Error(`${name}: ${reason}`));
  });
});
