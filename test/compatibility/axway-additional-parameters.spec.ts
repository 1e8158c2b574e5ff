import { pino } from 'pino';
import { OAuthError } from '../../src/domain/oauth-error.js';
import { jsonReply } from '../../src/http/response/reply.js';
import { AdditionalParameters } from '../../src/http/tokeninfo/axway/selectors/additional-parameters.js';
import { answeredRequest, activeToken, presented, requestView } from '../support/answered-request.js';

/** The parameters of some rows, and the lines that they log. */
function additional(...rows: [name: string, value: string][]) {
  const lines: string[] = [];
  const log = pino({ base: null, timestamp: false }, { write: (line: string) => lines.push(line) });
  const env = new Map([['REGION', 'eu-1']]);
  const settings = rows.map(([name, value]) => ({ name, value }));
  return { parameters: new AdditionalParameters(settings, env, log), lines };
}

describe('additional access token parameters', () => {
  it('are strings in the order of the rows', () => {
    const { parameters, lines } = additional(
      ['Token Expiry: date', '${accesstoken.getExpiration()}'],
      ['seconds', '${accesstoken.getExpiresIn()}'],
      ['12', 'fixed'],
      ['__proto__', '${env.REGION}'],
      ['who', '${authentication.subject.id} of ${oauth.client.details.getName()}'],
      ['empty', ''],
    );
    expect(jsonReply(200, parameters.members(answeredRequest())).body).toBe(
      '{"Token Expiry: date":"Fri Oct 05 11:46:54 UTC 2012","seconds":"3599","12":"fixed",' +
        '"__proto__":"eu-1","who":"admin of Sample Application","empty":""}',
    );
    expect(lines).toEqual([]);
  });

  it('are none without rows', () => {
    expect(additional().parameters.members(answeredRequest())).toEqual([]);
  });

  it('are empty for a selector that does not resolve, with one warning for each row', () => {
    const { parameters, lines } = additional(
      ['Department', '${accesstoken.getAdditionalInformation().get("Department")}'],
      ['Contact', 'mail: ${oauth.client.details.getContactEmail()}'],
      ['Fine', '${accesstoken.getTokenType()}'],
    );
    const request = answeredRequest({ active: activeToken({ client: { contactEmail: undefined } }) });
    const empty = [
      ['Department', ''],
      ['Contact', 'mail: '],
      ['Fine', 'Bearer'],
    ];
    expect(parameters.members(request)).toEqual(empty);
    expect(parameters.members(request)).toEqual(empty);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { level: 40, parameter: 'Department', msg: 'a selector of an additional parameter did not resolve' },
      { level: 40, parameter: 'Contact', msg: 'a selector of an additional parameter did not resolve' },
    ]);
  });

  it('never hold the presented token or a credential, and neither does the log', () => {
    const canaries = ['canary-basic', 'canary-cookie', 'canary-password', presented];
    const view = requestView({
      query: `password=canary-password&t=${presented}`,
      headers: [
        'Authorization',
        'Basic canary-basic',
        'Cookie',
        'canary-cookie',
        'X-Copy',
        `Bearer ${presented}`,
      ],
    });
    const { parameters, lines } = additional(
      ['a', '${http.headers["Authorization"]}'],
      ['b', '${http.headers.cookie}'],
      ['c', "${http.client.getCgiArgument('password')}"],
      ['d', "${http.client.getCgiArgument('t')}"],
      ['e', '${http.headers["X-Copy"]}'],
      ['f', '${accesstoken.getValue()}'],
    );
    const members = parameters.members(answeredRequest({ view }));
    expect(members.map(([, value]) => value)).toEqual([
      '',
      '',
      'xxxxxxxx',
      'xxxxxxxx',
      'xxxxxxxx',
      'sya_BcYG…',
    ]);
    for (const canary of canaries) expect(lines.join('')).not.toContain(canary);
  });

  it('refuse a request that repeats a parameter they read', () => {
    const { parameters } = additional(['x', "${http.client.getCgiArgument('x')}"]);
    const request = answeredRequest({ view: requestView({ query: 'x=1&x=2' }) });
    expect(() => parameters.members(request)).toThrow(OAuthError);
  });

  it.each([
    ['audience', 'a', 'row 2, "audience": the name is one of the standard members'],
    ['user_id', 'a', 'row 2, "user_id": the name is one of the standard members'],
    ['scope', 'a', 'row 2, "scope": the name is one of the standard members'],
    ['expires_in', 'a', 'row 2, "expires_in": the name is one of the standard members'],
    ['', 'a', 'row 2, "": the name is empty'],
    [' ', 'a', 'row 2, " ": the name is empty'],
    ['first', 'a', 'row 2, "first": the name is repeated'],
    ['line\nbreak', '${a + b}', 'row 2, "line\\nbreak": the operator + is not allowed'],
  ])('are refused with the row %j: %j', (name, value, message) => {
    expect(() => additional(['first', 'a'], [name, value])).toThrow(expect.objectContaining({ message }));
  });
});
