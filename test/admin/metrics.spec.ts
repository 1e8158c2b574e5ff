import { adminConfiguration, type AdminTestApp, expectProblem } from '../support/admin.js';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { TestApp } from '../support/app.js';

let app: TestApp | undefined;

async function start(settings: Record<string, string>): Promise<AdminTestApp> {
  app = await TestApp.start({ configuration: adminConfiguration(), hasher: new FastHasher(), settings });
  return app.admin();
}

afterEach(() => app?.stop());

it('/metrics is text for Prometheus, whatever its query', async () => {
  const admin = await start({});
  const answer = await admin.get(undefined, '/metrics?name[]=x');
  expect(answer.status).toBe(200);
  expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(answer.body).toMatch(/^# /);
});

it('/metrics asks for a token of the root realm with METRICS_AUTH=token', async () => {
  const admin = await start({ METRICS_AUTH: 'token' });
  expectProblem(await admin.get(undefined, '/metrics'), 401, 'no-token');
  expectProblem(await admin.get('unknown', '/metrics'), 401, 'invalid-token');
  expectProblem(
    await admin.get(await admin.token({ clientId: 'none' }), '/metrics'),
    403,
    'insufficient-scope',
  );
  expectProblem(await admin.get(await admin.token({ realm: '/alpha' }), '/metrics'), 404, 'not-found');
  expect((await admin.get(await admin.token(), '/metrics')).status).toBe(200);
  expect((await admin.get(undefined, '/healthz')).status).toBe(200);
});
