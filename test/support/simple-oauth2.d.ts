/** The part of simple-oauth2 that the tests use; the package has no types of its own. */
declare module 'simple-oauth2' {
  export interface Options {
    readonly client: { readonly id: string; readonly secret: string };
    readonly auth: {
      readonly tokenHost: string;
      readonly tokenPath: string;
      readonly authorizePath?: string;
      /** As `tokenPath` when left out. */
      readonly refreshPath?: string;
      readonly revokePath?: string;
    };
    readonly options?: { readonly authorizationMethod: 'header' | 'body' };
  }

  export interface AccessToken {
    readonly token: Readonly<Record<string, unknown>>;
    expired(): boolean;
    refresh(params?: { scope?: string | string[] }): Promise<AccessToken>;
    revoke(tokenType: 'access_token' | 'refresh_token'): Promise<unknown>;
    revokeAll(): Promise<void>;
  }

  export class AuthorizationCode {
    constructor(options: Options);
    authorizeURL(params: { redirect_uri: string; scope?: string | string[]; state?: string }): string;
    getToken(params: { code: string; redirect_uri: string }): Promise<AccessToken>;
  }

  export class ClientCredentials {
    constructor(options: Options);
    getToken(params: { scope?: string | string[] }): Promise<AccessToken>;
  }

  export class ResourceOwnerPassword {
    constructor(options: Options);
    getToken(params: { username: string; password: string; scope?: string | string[] }): Promise<AccessToken>;
    createToken(token: Readonly<Record<string, unknown>>): AccessToken;
  }
}
