import { formatScope } from '../../../../domain/scope.js';
import type { ActiveToken } from '../../../../domain/token.service.js';
import { httpAsSent, httpWithoutCredentials, type SelectorRequest } from './selector-http.js';
import { dictionary, javaMap, Kind, type SelectorNode } from './selector-model.js';

/** A request that is answered for the live token that it presented. */
export interface AnsweredRequest extends SelectorRequest {
  /** The token's value as it was presented. */
  readonly presented: string;
  readonly active: ActiveToken;
}

/** What `${env.NAME}` may read: the variables that are allowed, and their values. */
export type SelectorEnvironment = ReadonlyMap<string, string>;

/** What a scope begins with. */
interface Surroundings<Request> {
  readonly request: Request;
  readonly env: SelectorEnvironment;
}

/** Where a token is looked for: `http.*` as it was sent, and `env.*`. */
export function requestScope(request: SelectorRequest, env: SelectorEnvironment): SelectorNode {
  return looking.of({ request, env });
}

/** What an answer may tell: of the token and its subjects, `env.*`, and of `http.*` all but credentials. */
export function answerScope(request: AnsweredRequest, env: SelectorEnvironment): SelectorNode {
  return answering.of({ request, env });
}

const authorizationRequest = new Kind<AnsweredRequest>({
  methods: {
    getClientId: ({ active: live }) => live.token.clientId,
    getScope: ({ active: live }) => live.token.request?.scope ?? formatScope(live.token.scope),
    getState: ({ active: live }) => live.token.request?.state,
    getRedirectUri: ({ active: live }) => live.token.request?.redirectUri,
    getParameters: ({ active: live }) => live.token.request && javaMap(live.token.request.parameters),
  },
});

const authentication = new Kind<AnsweredRequest>({
  methods: {
    getUserAuthentication: subjectId,
    getAuthorizationRequest: (request) => authorizationRequest.of(request),
  },
});

const accessToken = new Kind<AnsweredRequest>({
  members: { authn: (request) => authentication.of(request) },
  methods: {
    getValue: ({ presented }) => `${presented.slice(0, 8)}…`,
    getExpiration: ({ active: live }) => javaDate(live.token.expiresAt),
    getExpiresIn: ({ active: live }) => String(live.secondsLeft),
    isExpired: ({ active: live }) => String(live.secondsLeft < 1),
    getTokenType: () => 'Bearer',
    hasRefresh: ({ active: live }) => String(hasRefresh(live)),
    getAdditionalInformation: ({ active: live }) => javaMap(live.token.additionalInformation ?? []),
    getScope: ({ active: live }) => formatScope(live.token.scope),
  },
});

const clientDetails = new Kind<AnsweredRequest>({
  methods: {
    getName: ({ active: live }) => live.client.name ?? live.client.clientId,
    getClientID: ({ active: live }) => live.client.clientId,
    getClientType: ({ active: live }) => live.client.type,
    getApplication: ({ active: live }) => live.client.application,
    getDescription: ({ active: live }) => live.client.description,
    getContactEmail: ({ active: live }) => live.client.contactEmail,
    isEnabled: ({ active: live }) => String(live.client.enabled),
  },
});

const oauthClient = new Kind<AnsweredRequest>({
  members: { details: (request) => clientDetails.of(request) },
});
const oauth = new Kind<AnsweredRequest>({ members: { client: (request) => oauthClient.of(request) } });
const subject = new Kind<AnsweredRequest>({ members: { id: subjectId } });
const authenticated = new Kind<AnsweredRequest>({ members: { subject: (request) => subject.of(request) } });

const looking = new Kind<Surroundings<SelectorRequest>>({
  members: {
    http: ({ request }) => httpAsSent.of(request),
    env: ({ env }) => dictionary((name) => env.get(name)),
  },
});

const answering = new Kind<Surroundings<AnsweredRequest>>({
  members: {
    http: ({ request }) => httpWithoutCredentials.of(request),
    env: ({ env }) => dictionary((name) => env.get(name)),
    accesstoken: ({ request }) => accessToken.of(request),
    oauth: ({ request }) => oauth.of(request),
    authentication: ({ request }) => authenticated.of(request),
  },
});

/** The resource owner; the client where it acts for itself. */
function subjectId({ active: live }: AnsweredRequest): string {
  return live.token.username ?? live.token.clientId;
}

/** Whether another token can be come by with the refresh token that it was issued with or from. */
function hasRefresh({ token, client }: ActiveToken): boolean {
  const usedUp = token.grantType === 'refresh_token' && client.refresh.successor === 'none';
  return token.family !== undefined && !usedUp;
}

/** As Java's `EEE MMM dd HH:mm:ss zzz yyyy` has a date, always in UTC: `Fri Oct 05 11:46:54 UTC 2012`. */
function javaDate(milliseconds: number): string {
  const [day, date, month, year, time] = new Date(milliseconds).toUTCString().split(/,? /);
  return `${day} ${month} ${date} ${time} UTC ${year}`;
}
