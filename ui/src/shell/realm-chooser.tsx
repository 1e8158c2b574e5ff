import { useState } from 'preact/hooks';
import type { FoundSubject, ListPage } from '../api/answers.js';
import { withQuery } from '../api/client.js';
import { useResource } from '../api/resource.js';
import { Combobox, type Option } from '../parts/combobox.js';
import { useSession } from '../session/session.js';
import { usePaused } from './paused.js';
import { useView } from './view.js';

/** A realm, as far as it is needed here. */
interface Realm {
  readonly name: string;
}

/** Where realms are listed whose paths begin so; a text that begins no path is searched for. */
function addressOf(text: string): string {
  if (text !== '' && !text.startsWith('/')) return withQuery('/admin/v1/search', { q: text });
  return withQuery('/admin/v1/realms', { prefix: text || undefined, limit: '20' });
}

/** The path of a realm; undefined for another subject. */
function pathOf(item: Realm | FoundSubject): string | undefined {
  if (!('kind' in item)) return item.name;
  return item.kind === 'realm' ? item.realm : undefined;
}

/** Chooses the realm that the pages are about: all that the caller may see, or one. */
export function RealmChooser() {
  const { caller } = useSession();
  const { realm, path, query, link, open } = useView();
  const [text, setText] = useState<string>();
  const prefix = usePaused(text);
  const realms = useResource<ListPage<Realm | FoundSubject>>(
    prefix === undefined ? undefined : addressOf(prefix),
    false,
  );
  const top = caller?.realm ?? '/';
  const all = `${top === '/' ? 'All realms' : `${top} and below`}`;
  const option = (label: string, chosen: string | undefined): Option => ({
    key: chosen ?? '',
    label,
    choose: () => open(link(path, { ...query, realm: chosen })),
  });
  const found = (realms.body?.items ?? []).flatMap((item) => {
    const found = pathOf(item);
    return found === undefined ? [] : [option(found, found)];
  });
  // A realm may be named in full before the list is there.
  const named = text?.startsWith('/') && found.every(({ key }) => key !== text) ? [option(text, text)] : [];
  return (
    <Combobox
      label="Realm"
      placeholder="Type to find a realm"
      text={text ?? realm ?? all}
      onText={setText}
      options={[...(text ? [] : [option(all, undefined)]), ...found, ...named]}
      nothing="No realm begins so"
      onFocus={() => setText('')}
      onLeave={() => setText(undefined)}
    />
  );
}
