import { All, Controller, Req, Res, UseFilters } from '@nestjs/common';
import { AuthorizationEndpoint, type PostedForm } from '../../domain/authorization-endpoint.js';
import type { Realm } from '../../domain/realm.js';
import { Sessions } from '../../domain/sessions.js';
import { Issuer } from '../metadata/issuer.js';
import { CallerAddresses } from '../request/caller-address.js';
import type { FormParameters } from '../request/parameters.js';
import { RealmResolver } from '../request/realm-resolver.js';
import { viewOf } from '../request/request-view.js';
import { MethodNotAllowed } from '../response/refusal.js';
import { type ObservedResponse, redirection, type Reply, send } from '../response/reply.js';
import { readAuthorizationForm, requestNames } from './authorization-form.js';
import { authorizationRequest, axwayAuthorizationRequest } from './authorization-request.js';
import { authorizationReply, axwayMembers, forgeRockMembers } from './authorize.presenter.js';
import { BrowserCookies } from './browser-cookies.js';
import { csrfValue, forged, isCrossSite, isCsrfValue } from './csrf.js';
import { PageErrorFilter } from './page-error.filter.js';
import { frameOf, type PageRequest } from './page-frame.js';
import { Documented } from '../../openapi/operation.js';
import { authorize } from './authorize.openapi.js';

/** The values that the forms of our pages must hold. */
interface CsrfValues {
  readonly login: string;
  readonly consent: string;
}

/** The authorization endpoint, RFC 6749 §3.1, under ForgeRock's path; its pages are at the same URL. */
@Controller('oauth2/authorize')
@UseFilters(PageErrorFilter)
export class AuthorizeController {
  protected readonly read = authorizationRequest;
  protected readonly codeMembers = forgeRockMembers;

  constructor(
    private readonly endpoint: AuthorizationEndpoint,
    private readonly sessions: Sessions,
    private readonly realms: RealmResolver,
    private readonly issuer: Issuer,
    private readonly cookies: BrowserCookies,
    private readonly addresses: CallerAddresses,
  ) {}

  @Documented(authorize)
  @All()
  async authorize(@Req() request: PageRequest, @Res() response: ObservedResponse): Promise<void> {
    if (request.method !== 'GET' && request.method !== 'POST') throw new MethodNotAllowed('GET, POST');
    const realm = await this.realms.namedOrRoot(request, viewOf(request));
    request.pages = realm.pages;
    send(response, await this.answer(realm, request, response));
  }

  private async answer(realm: Realm, request: PageRequest, response: ObservedResponse): Promise<Reply> {
    const { parameters, posted, mustBeGet, query } = await readAuthorizationForm(request);
    // A browser does not send the session's cookie with a form of another site; it does when it follows a link.
    if (mustBeGet) return redirection(303, query, { details: { realm: realm.path } });
    const session = this.cookies.sessionOf(request);
    const presentedLogin = this.cookies.loginOf(request);
    const login = presentedLogin ?? this.cookies.newLogin();
    const bound = [realm.path, ...requestNames.map((name) => parameters.one(name) ?? '')];
    const csrf = {
      login: csrfValue('login', login),
      consent: csrfValue('consent', session ?? '', bound),
    };
    const outcome = await this.endpoint.answer({
      realm,
      request: this.read(parameters),
      session,
      posted: posted && (await this.proven(posted, csrf, session, request)),
      origin: {
        correlationId: response.correlationId,
        address: this.addresses.of(request),
      },
    });
    return authorizationReply(outcome, {
      frame: frameOf(request, parameters),
      realm,
      issuer: this.issuer.of(realm.path),
      codeMembers: this.codeMembers,
      query,
      csrf,
      loginCookie: presentedLogin === undefined ? this.cookies.setLogin(login) : undefined,
      sessionCookie: (value) => this.cookies.setSession(value),
      reference: response.correlationId,
    });
  }

  /**
   * A posted form that is proven to come from our page.
   * @returns undefined for a consent without a live session of the realm: the user signs in again, whatever was posted
   * @throws OAuthError `bad_request` for any other form
   */
  private async proven(
    posted: FormParameters,
    csrf: CsrfValues,
    session: string | undefined,
    request: PageRequest,
  ): Promise<PostedForm | undefined> {
    if (isCrossSite(request, this.issuer.origin)) throw forged('a form of another site');
    const form = posted.has('username') || posted.has('password') ? 'login' : 'consent';
    if (isCsrfValue(posted.one('csrf'), csrf[form])) return readPosted(form, posted);
    const live = session === undefined ? undefined : await this.sessions.find(session);
    if (form === 'login' || live?.session.realm === request.realm)
      throw forged('a form without its csrf value');
    return undefined;
  }
}

/** The same for the root realm, under Axway's path. */
@Controller('api/oauth/authorize')
export class AxwayAuthorizeController extends AuthorizeController {
  protected override readonly read = axwayAuthorizationRequest;
  protected override readonly codeMembers = axwayMembers;
}

function readPosted(form: PostedForm['form'], posted: FormParameters): PostedForm {
  return form === 'login'
    ? { form, username: posted.one('username'), password: posted.one('password') }
    : { form, decision: posted.one('decision'), saveConsent: posted.one('save_consent') };
}
