import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** The colours that a chart draws with, as the canvas takes them. */
export interface Inks {
  readonly ok: string;
  readonly refused: string;
  readonly failed: string;
  readonly accent: string;
  readonly muted: string;
  readonly line: string;
}

const names = ['ok', 'refused', 'failed', 'accent', 'muted', 'line'] as const;

/** The colours at this place, also after the scheme has changed; undefined before it is drawn. */
export function useInks(place: RefObject<HTMLElement | null>): Inks | undefined {
  const [inks, setInks] = useState<Inks>();
  useEffect(() => {
    const read = () => {
      if (place.current) setInks(inksAt(place.current));
    };
    read();
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', read);
    const theme = new MutationObserver(read);
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      scheme.removeEventListener('change', read);
      theme.disconnect();
    };
  }, []);
  return inks;
}

/** A custom property is resolved only where it is used, so each is used for a moment. */
function inksAt(element: HTMLElement): Inks {
  const before = element.style.color;
  const entries = names.map((name) => {
    element.style.color = `var(--${name})`;
    return [name, getComputedStyle(element).color];
  });
  element.style.color = before;
  return Object.fromEntries(entries) as Inks;
}
