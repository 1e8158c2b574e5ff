import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { isWithin } from '../domain/page.js';
import { rootRealm } from '../domain/realm.js';
import type { LocatedRequest } from '../http/request/located-request.js';
import type { ObservedResponse } from '../http/response/reply.js';
import { AdminAuthenticator, type Caller } from './admin-authenticator.js';
import { notFound } from './problem.js';

/** A request that the guard has admitted. */
export type AdminRequest = LocatedRequest & { caller?: Caller };

/** Admits requests with an admin token, before their parameters and bodies are read. */
@Injectable()
export class AdminGuard implements CanActivate {
  constructor(private readonly authenticator: AdminAuthenticator) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<AdminRequest>();
    const { correlationId } = http.getResponse<ObservedResponse>();
    request.caller = await this.authenticator.authenticate(request, correlationId);
    return true;
  }
}

/** The caller of a request that the guard has admitted. */
export function callerOf({ caller }: AdminRequest): Caller {
  if (!caller) throw new Error('The route has no guard.');
  return caller;
}

/** @throws Problem 404 for a realm that is neither the caller's nor below it */
export function requireWithin(realm: string, caller: Caller): void {
  if (!isWithin(realm, caller.realm)) throw notFound();
}

/** For what belongs to no realm. @throws Problem 404 for a caller of another realm than the root */
export function requireRoot(caller: Caller): void {
  requireWithin(rootRealm, caller);
}
