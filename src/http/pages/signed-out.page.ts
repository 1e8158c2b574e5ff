import type { Reply } from '../response/reply.js';
import { html } from './html.js';
import { type Frame, type Page, pageReply } from './page.js';

/** The page after a sign-out, or without a session. */
export function signedOutPage(frame: Frame, page: Pick<Page, 'cookies' | 'details'> = {}): Reply {
  const { logout } = frame.messages;
  return pageReply(frame, {
    ...page,
    title: logout.done,
    body: html`<h1>${logout.done}</h1>
      <p>${logout.doneText}</p>
      <p class="muted">${logout.tokens}</p>`,
  });
}
