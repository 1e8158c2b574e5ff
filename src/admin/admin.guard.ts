import { type CanActivate, type ExecutionContext, Injectable, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants.js';
import { Reflector } from '@nestjs/core';
import { isWithin } from '../domain/page.js';
import { rootRealm } from '../domain/realm.js';
import type { LocatedRequest } from '../http/request/located-request.js';
import type { ObservedResponse } from '../http/response/reply.js';
import { type Access, AdminAuthenticator, type Caller } from './admin-authenticator.js';
import { notFound } from './problem.js';

/** A request that the guard has admitted. */
export type AdminRequest = LocatedRequest & { caller?: Caller };

/** Marks a handler that changes nothing although its method says so: a POST that has a secret in its body. */
export const OnlyReads = Reflector.createDecorator<true>();

/** The methods of which nobody expects a change (RFC 9110 §9.2.1). */
const safeMethods = [RequestMethod.GET, RequestMethod.HEAD];

/** Admits requests with an admin token, before their parameters and bodies are read. */
@Injectable()
export class AdminGuard implements CanActivate {
  constructor(
    private readonly authenticator: AdminAuthenticator,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<AdminRequest>();
    const { correlationId } = http.getResponse<ObservedResponse>();
    request.caller = await this.authenticator.authenticate(request, this.accessOf(context), correlationId);
    return true;
  }

  /** Every handler of an unsafe method changes something, unless it is marked. One of all methods only refuses them. */
  private accessOf(context: ExecutionContext): Access {
    const handler = context.getHandler();
    const method = this.reflector.get<RequestMethod>(METHOD_METADATA, handler);
    const onlyReads = safeMethods.includes(method) || method === RequestMethod.ALL;
    return onlyReads || this.reflector.get(OnlyReads, handler) ? 'read' : 'write';
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
