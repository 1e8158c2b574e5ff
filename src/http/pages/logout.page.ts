import type { Reply } from '../response/reply.js';
import { html } from './html.js';
import { type Frame, type Page, pageReply } from './page.js';

/** What the page shows. */
export interface LogoutPage extends Pick<Page, 'details'> {
  readonly csrf: string;
  readonly username: string;
}

/** The page that asks whether to sign out. Its form posts to the page's own URL. */
export function logoutPage(frame: Frame, page: LogoutPage): Reply {
  const { logout, consent } = frame.messages;
  return pageReply(frame, {
    title: logout.title,
    details: page.details,
    body: html`<h1>${logout.title}</h1>
      <p>${logout.question}</p>
      <p class="muted">${consent.signedInAs} <strong>${page.username}</strong>.</p>
      <form method="post">
        <input type="hidden" name="csrf" value="${page.csrf}" />
        <div class="actions"><button>${logout.submit}</button></div>
      </form>`,
  });
}
