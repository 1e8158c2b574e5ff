import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The form of a login value: 32 random bytes in base64url. */
const loginForm = /^[A-Za-z0-9_-]{43}$/;

/**
 * The two cookies of a browser: its session, and the value that its login form is bound to. Both end with the browser. The
 * prefix `__Host-` lets no other host set them, and needs HTTPS; over plain HTTP they have none.
 */
export class BrowserCookies {
  private readonly session: string;
  private readonly login: string;
  private readonly attributes: string;

  /** @param issuer our identifier: its scheme says whether browsers reach us by HTTPS */
  constructor(issuer: string) {
    const secure = issuer.startsWith('https:');
    this.session = secure ? '__Host-symbolon' : 'symbolon';
    this.login = `${this.session}-login`;
    this.attributes = `Path=/; ${secure ? 'Secure; ' : ''}HttpOnly; SameSite=Lax`;
  }

  /** The session's value that a browser presents; undefined for none. */
  sessionOf(request: Pick<IncomingMessage, 'headers'>): string | undefined {
    return cookieOf(request, this.session);
  }

  /** The login value that a browser presents; undefined for none, or one of another form. */
  loginOf(request: Pick<IncomingMessage, 'headers'>): string | undefined {
    const value = cookieOf(request, this.login);
    return value !== undefined && loginForm.test(value) ? value : undefined;
  }

  newLogin(): string {
    return randomBytes(32).toString('base64url');
  }

  /** `Set-Cookie` of a new session. */
  setSession(value: string): string {
    return `${this.session}=${value}; ${this.attributes}`;
  }

  /** `Set-Cookie` of a login value. */
  setLogin(value: string): string {
    return `${this.login}=${value}; ${this.attributes}`;
  }

  /** `Set-Cookie` that removes the session. */
  removeSession(): string {
    return `${this.session}=; ${this.attributes}; Max-Age=0`;
  }
}

/** The value of a cookie (RFC 6265 §5.4); undefined for none, and for two: one of them was set by somebody else. */
function cookieOf({ headers }: Pick<IncomingMessage, 'headers'>, name: string): string | undefined {
  const values = (headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return values.length === 1 && values[0] !== '' ? values[0] : undefined;
}
