import { formatScope } from '../../../../domain/scope.js';
import type { ActiveToken } from '../../../../domain/token.service.js';
import { httpAsSent, httpWithoutCredentials, type SelectorRequest } from './selector-http.js';
import { dictionary, javaMap, Kind, type SelectorNode } from './selector-model.js';

/** A request that presented an active token, and that token. */
export interface AnsweredRequest extends SelectorRequest {
  /** The token's value as it was presented. */
  readonly presented: string;
  readonly active: ActiveToken;
}

/** The environment variables that `${env.NAME}` may read, with their values. */
export type SelectorEnvironment = ReadonlyMap<string, string>;

/** What the first name of a selector can read. */
interface Surroundings<Request> {
  readonly request: Request;
  readonly env: SelectorEnvironment;
}

/** The scope for finding a request's token: `http.*` as it was sent, and `env.*`. */
export function requestScope(request: SelectorRequest, env: SelectorEnvironment): SelectorNode {
  return requestNode.of({ request, env });
}

/** The scope for an answer's members: the token, its subjects, `env.*`, and `http.*` without credentials. */
export function answerScope(request: AnsweredRequest, env: SelectorEnvironment): SelectorNode {
  return answerNode.of({ request, env });
}

const authorizationRequest = new Kind<AnsweredRequest>({
  methods: {
    getClientId: ({ active }) => active.token.clientId,
    getScope: ({ active }) => active.token.request?.scope ?? formatScope(active.token.scope),
    getState: ({ active }) => active.token.request?.state,
    getRedirectUri: ({ active }) => active.token.request?.redirectUri,
    getParameters: ({ active }) => active.token.request && javaMap(active.token.request.parameters),
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
    getExpiration: ({ active }) => javaDate(active.token.expiresAt),
    getExpiresIn: ({ active }) => String(active.secondsLeft),
    isExpired: ({ active }) => String(active.secondsLeft < 1),
    getTokenType: () => 'Bearer',
    hasRefresh: ({ active }) => String(hasRefresh(active)),
    getAdditionalInformation: ({ active }) => javaMap(active.token.additionalInformation ?? []),
    getScope: ({ active }) => formatScope(active.token.scope),
  },
});

const clientDetails = new Kind<AnsweredRequest>({
  methods: {
    getName: ({ active }) => active.client.name ?? active.client.clientId,
    getClientID: ({ active }) => active.client.clientId,
    getClientType: ({ active }) => active.client.type,
    getApplication: ({ active }) => active.client.application,
    getDescription: ({ active }) => active.client.description,
    getContactEmail: ({ active }) => active.client.contactEmail,
    isEnabled: ({ active }) => String(active.client.enabled),
  },
});

const oauthClient = new Kind<AnsweredRequest>({
  members: { details: (request) => clientDetails.of(request) },
});
const oauth = new Kind<AnsweredRequest>({ members: { client: (request) => oauthClient.of(request) } });
const subject = new Kind<AnsweredRequest>({ members: { id: subjectId } });
const authenticated = new Kind<AnsweredRequest>({ members: { subject: (request) => subject.of(request) } });

const requestNode = new Kind<Surroundings<SelectorRequest>>({
  members: {
    http: ({ request }) => httpAsSent.of(request),
    env: ({ env }) => dictionary((name) => env.get(name)),
  },
});

const answerNode = new Kind<Surroundings<AnsweredRequest>>({
  members: {
    http: ({ request }) => httpWithoutCredentials.of(request),
    env: ({ env }) => dictionary((name) => env.get(name)),
    accesstoken: ({ request }) => accessToken.of(request),
    oauth: ({ request }) => oauth.of(request),
    authentication: ({ request }) => authenticated.of(request),
  },
});

/** The resource owner's name; the client's identifier where it acts for itself. */
function subjectId({ active }: AnsweredRequest): string {
  return active.token.username ?? active.token.clientId;
}

/** Whether the refresh token that the token was issued with or from can give another access token. */
function hasRefresh({ token, client }: ActiveToken): boolean {
  const usedUp = token.grantType === 'refresh_token' && client.refresh.successor === 'none';
  return token.family !== undefined && !usedUp;
}

/** A date in Java's format `EEE MMM dd HH:mm:ss zzz yyyy`, always in UTC: `Fri Oct 05 11:46:54 UTC 2012`. */
function javaDate(milliseconds: number): string {
  const [day, date, month, year, time] = new Date(milliseconds).toUTCString().split(/,? /);
  return `${day} ${month} ${date} ${time} UTC ${year}`;
}
