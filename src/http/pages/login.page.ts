import type { Reply } from '../response/reply.js';
import { html } from './html.js';
import { type Frame, type Page, pageReply } from './page.js';

/** What the login page shows. */
export interface LoginPage extends Pick<Page, 'status' | 'headers' | 'cookies' | 'details'> {
  /** The request's own URL, from its query on. */
  readonly action: string;
  readonly csrf: string;
  /** The client's display name. */
  readonly client: string;
  /** What the field of the user name holds. */
  readonly username?: string;
  /** Whether the last attempt was refused. */
  readonly wrong?: boolean;
}

/** The page that asks for a user name and a password. */
export function loginPage(frame: Frame, page: LoginPage): Reply {
  const { login } = frame.messages;
  const { username = '', wrong = false } = page;
  const fault = wrong && html` aria-invalid="true" aria-describedby="error"`;
  const focus = html` autofocus`;
  return pageReply(frame, {
    ...page,
    title: login.title,
    isError: wrong,
    body: html`<h1>${login.title}</h1>
      <p class="muted">${login.toClient(page.client)}</p>
      ${wrong && html`<p class="error" id="error" role="alert">${login.wrong}</p>`}
      <form method="post" action="${page.action}">
        <input type="hidden" name="csrf" value="${page.csrf}" />
        <label for="username">${login.username}</label>
        <input
          type="text"
          id="username"
          name="username"
          value="${username}"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          required${fault}${username === '' && focus}
        />
        <label for="password">${login.password}</label>
        <input
          type="password"
          id="password"
          name="password"
          autocomplete="current-password"
          required${fault}${username !== '' && focus}
        />
        <div class="actions"><button>${login.submit}</button></div>
      </form>`,
  });
}
