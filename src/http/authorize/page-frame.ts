import type { RealmPages } from '../../domain/realm.js';
import { acceptedLanguages } from '../request/languages.js';
import type { LocatedRequest } from '../request/located-request.js';
import { type FormParameters, unreadable } from '../request/parameters.js';
import { viewOf } from '../request/request-view.js';
import type { Colour } from '../pages/contrast.js';
import { messagesIn } from '../pages/messages.js';
import { defaultBranding, type Frame } from '../pages/page.js';

/** A request that is answered by pages. */
export type PageRequest = LocatedRequest & {
  /** The look of its realm, as soon as that is known. */
  pages?: RealmPages;
};

/** What the page for a request has around it: the look of its realm, in the language that the request wants. */
export function frameOf(request: PageRequest, parameters: FormParameters = viewOf(request).query): Frame {
  const { name = defaultBranding.name, accent = defaultBranding.accent } = request.pages ?? {};
  const wanted = ['ui_locales', 'locale'].flatMap((parameter) => wordsOf(parameters, parameter));
  return {
    messages: messagesIn([...wanted, ...acceptedLanguages(request)]),
    branding: { name, accent: accent as Colour },
  };
}

/** The words of a parameter. The page of an error is about requests that may have repeated it, or garbled it. */
function wordsOf(parameters: FormParameters, name: string): string[] {
  const [value = ''] = parameters.all(name);
  return value === unreadable ? [] : value.split(' ');
}
