import { All, Controller, Req, Res, UseFilters } from '@nestjs/common';
import type { LiveSession } from '../../domain/session.js';
import { Sessions } from '../../domain/sessions.js';
import { Issuer } from '../metadata/issuer.js';
import { logoutPage } from '../pages/logout.page.js';
import { signedOutPage } from '../pages/signed-out.page.js';
import { readForm } from '../request/form-body.js';
import { CallerAddresses } from '../request/caller-address.js';
import { RealmResolver } from '../request/realm-resolver.js';
import { viewOf } from '../request/request-view.js';
import { MethodNotAllowed } from '../response/refusal.js';
import { type ObservedResponse, type Reply, send } from '../response/reply.js';
import { BrowserCookies } from './browser-cookies.js';
import { csrfValue, forged, isCrossSite, isCsrfValue } from './csrf.js';
import { PageErrorFilter } from './page-error.filter.js';
import { frameOf, type PageRequest } from './page-frame.js';
import { Documented } from '../../openapi/operation.js';
import { logout } from './authorize.openapi.js';

/**
 * Ends a browser's session, whichever realm it is of. It never redirects: an address to go on to would be one more that
 * must be registered and checked.
 */
@Controller('oauth2/logout')
@UseFilters(PageErrorFilter)
export class LogoutController {
  constructor(
    private readonly sessions: Sessions,
    private readonly realms: RealmResolver,
    private readonly issuer: Issuer,
    private readonly cookies: BrowserCookies,
    private readonly addresses: CallerAddresses,
  ) {}

  @Documented(logout)
  @All()
  async logout(@Req() request: PageRequest, @Res() response: ObservedResponse): Promise<void> {
    if (request.method !== 'GET' && request.method !== 'POST') throw new MethodNotAllowed('GET, POST');
    const realm = await this.realms.namedOrRoot(request, viewOf(request));
    request.pages = realm.pages;
    const value = this.cookies.sessionOf(request);
    const live = value === undefined ? undefined : await this.sessions.find(value);
    const details = { realm: realm.path };
    if (value === undefined || !live) send(response, signedOutPage(frameOf(request), { details }));
    else if (request.method === 'GET') send(response, this.question(value, live, request));
    else send(response, await this.end(value, request, response));
  }

  private question(value: string, { session }: LiveSession, request: PageRequest): Reply {
    const { username } = session;
    return logoutPage(frameOf(request), {
      csrf: csrfValue('logout', value),
      username,
      details: { realm: request.realm },
    });
  }

  /** @throws OAuthError `bad_request` for a form that is not our page's */
  private async end(value: string, request: PageRequest, response: ObservedResponse): Promise<Reply> {
    if (isCrossSite(request, this.issuer.origin)) throw forged('a form of another site');
    const form = await readForm(request, { typeMayBeMissing: false });
    if (!isCsrfValue(form.one('csrf'), csrfValue('logout', value)))
      throw forged('a form without its csrf value');
    await this.sessions.end(value, {
      correlationId: response.correlationId,
      address: this.addresses.of(request),
    });
    const cookies = [this.cookies.removeSession()];
    return signedOutPage(frameOf(request), { cookies, details: { realm: request.realm } });
  }
}
