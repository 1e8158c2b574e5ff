import type { TestApp } from '../../support/app.js';
import { basic, members, postForm } from '../../support/token-endpoint.js';
import type { NamedTokens } from './captures.js';

/** A client that asks for tokens, as the captures name its realm, identifier and secret. */
interface Caller {
  readonly realm: string;
  readonly id: string;
  /** Left out by a public client. */
  readonly secret?: string;
}

const alpha = { realm: '/realms/alpha', id: 'myClient', secret: 'forgerock' };
const short = { realm: '/realms/short', id: 'shortClient', secret: 'shortsecret' };

/** Gets the tokens that the captures name, in the way that OpenAM's were got. Those of `/short` expire. */
export async function namedTokens(app: TestApp): Promise<NamedTokens> {
  const post = async (caller: Caller, endpoint: string, form: Readonly<Record<string, string>>) => {
    const { realm, id, secret } = caller;
    const path = `/am/oauth2/realms/root${realm}/${endpoint}`;
    const answer = secret
      ? await postForm(app, path, form, basic(`${id}:${secret}`))
      : await postForm(app, path, { ...form, client_id: id });
    return members(answer);
  };
  const password = async (caller: Caller, scope = 'write') => {
    const owner = { grant_type: 'password', username: 'demo', password: 'Ch4ng31t' };
    const { access_token: access, refresh_token: refresh } = await post(caller, 'access_token', {
      ...owner,
      scope,
    });
    return { access, refresh };
  };
  const clientCredentials = async (scope: string) =>
    (await post(alpha, 'access_token', { grant_type: 'client_credentials', scope })).access_token;
  const refreshed = (refresh_token: string) =>
    post(alpha, 'access_token', { grant_type: 'refresh_token', refresh_token });

  const expired = await password(short);
  const live = await password(alpha);
  const revoked = await password(alpha);
  const ended = await password(alpha);
  const old = await password(alpha);
  const introspected = await password(alpha, 'mail write');
  await post(alpha, 'token/revoke', { token: revoked.access });
  await post(alpha, 'token/revoke', { token: ended.refresh });
  const tokens = {
    ...{ PW: live.access, RT: live.refresh, EXP: expired.access, EXP_RT: expired.refresh },
    ...{ REV: revoked.access, REVRT: ended.refresh, REVRT_AT: ended.access },
    ...{ OLD_AT: old.access, OLD_RT: old.refresh, REFD: (await refreshed(old.refresh)).access_token },
    ...{ I1: introspected.access, I1_RT: introspected.refresh },
    F1_RT: (await password(alpha, 'mail write')).refresh,
    F2_RT: (await password(alpha, 'mail write')).refresh,
    F3_RT: (await password(alpha, 'mail write')).refresh,
    ALL4: (await password(alpha, 'read mail cn write')).access,
    MAILCN: (await password(alpha, 'mail cn')).access,
    CC: await clientCredentials('write'),
    CCMAIL: await clientCredentials('mail cn write'),
    BETA: (await password({ realm: '/realms/beta', id: 'betaClient', secret: 'betasecret' })).access,
    ROOT: (await password({ realm: '', id: 'rootClient', secret: 'rootsecret' })).access,
    OTHER: (await password({ ...alpha, id: 'otherClient', secret: 'othersecret' })).access,
    PUB: (await password({ ...alpha, id: 'pubClient', secret: undefined })).access,
  };
  app.clock.advance(3000);
  return tokens;
}
