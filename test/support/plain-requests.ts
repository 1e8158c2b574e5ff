import type { Exchange } from './conversation.js';
import { type Draft, hostileChanges, written } from './hostile-requests.js';
import { broken } from './hostile-strings.js';
import type { Random } from './random.js';
import { formType } from './token-endpoint.js';
import { axwayPath, forgeRockPath } from './tokeninfo.js';

/** Makes a request of the plain form, unless its token is written in an encoding that the plain form excludes. */
export type PlainDraft = (random: Random, token: string) => Draft;

/** Random requests, from plain to very hostile ones. */
export class RandomRequests {
  /**
   * @param tokens values to present
   * @param plain makes those that the others are made from
   */
  constructor(
    private readonly random: Random,
    private readonly tokens: readonly string[],
    private readonly plain: PlainDraft = plainTokenInfo,
  ) {}

  /** This many requests, on connections that carry up to 20 each. */
  exchanges(requests: number): Exchange[] {
    const exchanges: Exchange[] = [];
    for (let left = requests; left > 0; left -= exchanges[exchanges.length - 1].requests.length) {
      exchanges.push(this.exchange(left));
    }
    return exchanges;
  }

  /** This many requests, each on a connection of its own and short enough to arrive as a whole. */
  single(requests: number): Exchange[] {
    const exchanges: Exchange[] = [];
    while (exchanges.length < requests) {
      const request = this.request();
      if (request.length < 2000) exchanges.push({ requests: [request], pieces: 1, truncated: false });
    }
    return exchanges;
  }

  private exchange(most: number): Exchange {
    const { random } = this;
    const whole = { pieces: random.pick([1, 1, 1, 2, 5]), truncated: false };
    if (random.percent(4)) return { ...whole, requests: [Buffer.from(random.pick(broken), 'latin1')] };
    if (random.percent(8)) return { ...whole, requests: [this.truncated()], truncated: true };
    const before = Array.from({ length: Math.min(random.below(20), most - 1) }, () => this.request());
    return { ...whole, requests: [...before, this.last()] };
  }

  private request(): Buffer {
    const draft = this.plain(this.random, this.token());
    const odd = this.random.pick([0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 5]);
    for (let index = 0; index < odd; index++)
      this.random.pick(hostileChanges)(draft, this.random, this.token());
    return bytesOf(draft, this.random);
  }

  /**
   * The last request of a connection. It has no body: if the server closed with bytes unread, its answer
   * would be lost with the connection.
   */
  private last(): Buffer {
    const draft = { ...this.plain(this.random, this.token()), method: 'GET', body: '' };
    if (this.random.percent(30)) draft.version = '1.0';
    else draft.headers.push(['Connection', this.random.pick(['close', 'Close', 'keep-alive, close'])]);
    return bytesOf(draft, this.random);
  }

  private truncated(): Buffer {
    const plain = this.plain(this.random, this.token());
    // ForgeRock's flavour takes no POST.
    const path = plain.method === 'POST' ? plain.path : axwayPath;
    const draft: Draft = { ...plain, path, method: 'POST', query: [], body: 'access_token=x&y=1' };
    if (this.random.percent(30)) draft.framing = 'chunked';
    const bytes = bytesOf(draft, this.random);
    return bytes.subarray(0, -1 - this.random.below(this.random.percent(80) ? 15 : bytes.length - 1));
  }

  private token(): string {
    return this.random.pick(this.tokens);
  }
}

/** A request to one of both flavours of tokeninfo. */
export function plainTokenInfo(random: Random, token: string): Draft {
  const axway = random.percent(55);
  const prefix = random.percent(25) ? '/am' : '';
  const realm = random.percent(35)
    ? random.pick(['/realms/root', '/realms/root/realms/alpha', '/alpha'])
    : '';
  const path = axway ? axwayPath : prefix + forgeRockPath.replace('/oauth2', `/oauth2${realm}`);
  const draft = draftOf('GET', path);
  const parameter = `${random.percent(85) ? 'access_token' : 'token'}=${written(token, random)}`;
  if (random.percent(10)) draft.headers.push(['X-Token', token]);
  if (axway && random.percent(40)) {
    draft.method = 'POST';
    draft.body = parameter;
    if (random.percent(80)) draft.headers.push(['Content-Type', formType]);
  } else if (axway || random.percent(30)) {
    draft.query.push(parameter);
  } else {
    draft.headers.push(['Authorization', `Bearer ${token}`]);
  }
  return draft;
}

/** The endpoints that clients post to. */
const clientPaths = [
  '/oauth2/introspect',
  '/oauth2/realms/root/realms/alpha/introspect',
  '/oauth2/access_token',
  '/am/oauth2/alpha/access_token',
  '/oauth2/token',
  '/api/oauth/token',
];

/** A request to introspection or to the token endpoint, which issues no refresh token: that could be used once. */
export function plainClientForm(random: Random, token: string): Draft {
  const draft = draftOf('POST', random.pick(clientPaths));
  const isIntrospection = draft.path.endsWith('introspect');
  const secret = random.percent(90) ? 'app-secret' : 'wrong';
  const form = isIntrospection
    ? [`token=${written(token, random)}`]
    : [`grant_type=${random.pick(['client_credentials', 'client_credentials', 'unknown', 'refresh_token'])}`];
  if (!isIntrospection && random.percent(30)) form.push(`refresh_token=${written(token, random)}`);
  if (random.percent(20)) form.push(`scope=${random.pick(['read', 'write+read', 'other', ''])}`);
  if (random.percent(60)) {
    const basic = Buffer.from(`app:${secret}`).toString('base64');
    draft.headers.push(['Authorization', `Basic ${basic}`]);
  } else if (random.percent(80)) {
    form.push('client_id=app', `client_secret=${secret}`);
  } else {
    draft.headers.push(['Authorization', `Bearer ${token}`]);
  }
  if (random.percent(95)) draft.headers.push(['Content-Type', formType]);
  if (random.percent(10)) draft.headers.push(['Origin', 'https://page.example']);
  draft.body = random.shuffled(form).join('&');
  return draft;
}

function draftOf(method: string, path: string): Draft {
  return {
    ...{ method, origin: '', path, query: [], version: '1.1' },
    ...{ headers: [['Host', 'x']], body: '', framing: 'length' },
  };
}

function bytesOf(draft: Draft, random: Random): Buffer {
  const { method, origin, path, query, version, headers, body, framing } = draft;
  const target = origin + path + (query.length > 0 ? `?${query.join('&')}` : '');
  const framed = body === '' && method !== 'POST' ? 'none' : framing;
  const more = {
    length: [`Content-Length: ${body.length}`],
    chunked: ['Transfer-Encoding: chunked'],
    none: [],
  };
  const lines = random.shuffled([...headers.map(([name, value]) => `${name}: ${value}`), ...more[framed]]);
  const head = [`${method} ${target} HTTP/${version}`, ...lines, '', ''].join('\r\n');
  const content = { length: body, chunked: chunks(body, random), none: '' };
  return Buffer.from(head + content[framed], 'latin1');
}

function chunks(body: string, random: Random): string {
  let text = '';
  for (let at = 0; at < body.length;) {
    const chunk = body.slice(at, at + 1 + random.below(random.pick([3, body.length])));
    text += `${chunk.length.toString(16)}\r\n${chunk}\r\n`;
    at += chunk.length;
  }
  return `${text}0\r\n\r\n`;
}
