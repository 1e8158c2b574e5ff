import type { Reply } from '../response/reply.js';
import { html } from './html.js';
import { type Frame, type Page, pageReply } from './page.js';

/** What the consent page shows. */
export interface ConsentPage extends Pick<Page, 'details'> {
  /** The request's own URL, from its query on. */
  readonly action: string;
  readonly csrf: string;
  /** The client's display name. */
  readonly client: string;
  readonly description?: string;
  /** The scopes that are asked for, as people are told of them. */
  readonly scopes: readonly string[];
  /** Where the user returns to, as people are told of it. */
  readonly destination: string;
  readonly username: string;
  /** URL of the same request, where another user can sign in. */
  readonly otherUser: string;
  /** Whether the decision can be remembered. */
  readonly canRemember: boolean;
}

/** The page that asks whether a client may have access. */
export function consentPage(frame: Frame, page: ConsentPage): Reply {
  const { consent } = frame.messages;
  const title = consent.title(page.client);
  return pageReply(frame, {
    title,
    details: page.details,
    body: html`<h1>${title}</h1>
      ${page.description !== undefined && html`<p>${page.description}</p>`}
      <p class="muted">
        ${consent.signedInAs} <strong>${page.username}</strong>.
        <a href="${page.otherUser}">${consent.notYou}</a>
      </p>
      <h2 id="scopes">${consent.scopes}</h2>
      <ul aria-labelledby="scopes">
        ${page.scopes.map((scope) => html`<li>${scope}</li>`)}
      </ul>
      <p class="muted">${consent.returnTo} <strong>${page.destination}</strong>.</p>
      <form method="post" action="${page.action}">
        <input type="hidden" name="csrf" value="${page.csrf}" />
        ${
          page.canRemember &&
          html`<label class="choice"
            ><input type="checkbox" name="save_consent" value="on" />${consent.remember}</label
          >`
        }
        <div class="actions">
          <button name="decision" value="allow">${consent.allow}</button>
          <button name="decision" value="deny" class="second">${consent.deny}</button>
        </div>
      </form>`,
  });
}
