import { useEffect } from 'preact/hooks';
import { pages } from '../pages.js';

/** How long after `g` its letter may come, in milliseconds. */
const pairMs = 1500;

interface KeyActions {
  readonly open: (path: string) => void;
  readonly search: () => void;
  readonly help: () => void;
}

/** The keys that work everywhere but where text is typed. Off, none does (WCAG 2.2, 2.1.4). */
export function useKeys(on: boolean, { open, search, help }: KeyActions): void {
  useEffect(() => {
    if (!on) return undefined;
    let afterG = -Infinity;
    const onKey = (event: KeyboardEvent) => {
      const { key, timeStamp } = event;
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const page = timeStamp - afterG < pairMs ? pages.find(({ letter }) => letter === key) : undefined;
      afterG = key === 'g' ? timeStamp : -Infinity;
      if (page) open(page.path);
      else if (key === '/') search();
      else if (key === '?') help();
      else if (key === 'j') move(1);
      else if (key === 'k') move(-1);
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [on, open, search, help]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element && target.closest('input, textarea, select, [contenteditable], dialog') !== null
  );
}

/** Moves the focus to the next row of the page, or to the one before. */
function move(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('main [data-row]')];
  const { activeElement } = document;
  const current = rows.findIndex((row) => row === activeElement);
  const next = current < 0 ? (step > 0 ? 0 : rows.length - 1) : current + step;
  rows.at(Math.min(Math.max(next, 0), rows.length - 1))?.focus();
}
