import type { Reply } from '../response/reply.js';
import { html } from './html.js';
import type { PageFault } from './messages.js';
import { type Frame, type Page, pageReply } from './page.js';

/** What the page of an error shows. */
export interface FaultPage extends Pick<Page, 'headers' | 'details'> {
  readonly status: number;
  readonly fault: PageFault;
  /** The error's code, such as `redirect_uri_mismatch`. */
  readonly code: string;
  /** The answer's correlation id, by which an operator finds the request. */
  readonly reference?: string;
}

/** The page of an error that no client may be told of by a redirect, since it is not known who asks. */
export function faultPage(frame: Frame, page: FaultPage): Reply {
  const { fault } = frame.messages;
  const { reference } = page;
  return pageReply(frame, {
    ...page,
    title: fault.title,
    isError: true,
    body: html`<h1>${fault.title}</h1>
      <p class="error" role="alert">${fault.texts[page.fault]}</p>
      <p class="muted small">
        ${fault.code}: <code>${page.code}</code>${
          reference !== undefined && html`<br />${fault.reference}: <code>${reference}</code>`
        }
      </p>`,
  });
}
