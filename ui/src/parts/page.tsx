import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Resource } from '../api/resource.js';
import { Age } from './age.js';

interface PageProps {
  readonly title: string;
  /** What the page shows, for its age. */
  readonly shows: readonly Resource<unknown>[];
  /** Filters and buttons beside the title. */
  readonly controls?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** The frame of every page: its title, its controls, and the age of what it shows. */
export function Page({ title, shows, controls, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Symbolon`;
  }, [title]);
  return (
    <>
      <div class="page-head">
        <h1>{title}</h1>
        {controls}
        <Age of={shows} />
      </div>
      {children}
    </>
  );
}

interface PanelProps {
  /** A question that the panel answers. */
  readonly title: string;
  /** The answer in one sentence. */
  readonly answer?: ComponentChildren;
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** A part of a page. */
export function Panel({ title, answer, class: name = '', children }: PanelProps) {
  return (
    <section class={`panel ${name}`}>
      <h2>{title}</h2>
      {answer !== undefined && <p class="answer">{answer}</p>}
      {children}
    </section>
  );
}
