import type { Reply } from '../response/reply.js';
import { html } from './html.js';
import { type Frame, type Page, pageReply } from './page.js';

/** Sends the page's form. Without scripts, its button does. */
const script = 'document.forms[0].submit()';

/** What is sent to the client's redirect URI. */
export interface FormPostPage extends Pick<Page, 'details'> {
  readonly redirectUri: string;
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

/** The page of `response_mode=form_post` (OAuth 2.0 Form Post Response Mode). */
export function formPostPage(frame: Frame, { redirectUri, parameters, details }: FormPostPage): Reply {
  const { formPost } = frame.messages;
  return pageReply(frame, {
    details,
    title: formPost.title,
    script,
    body: html`<h1>${formPost.title}</h1>
      <p>${formPost.text}</p>
      <form method="post" action="${redirectUri}">
        ${parameters.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
        <div class="actions"><button>${formPost.submit}</button></div>
      </form>`,
  });
}
