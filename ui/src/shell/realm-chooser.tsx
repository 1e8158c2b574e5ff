import { useState } from 'preact/hooks';
import type { ListPage } from '../api/answers.js';
import { withQuery } from '../api/client.js';
import { useResource } from '../api/resource.js';
import { Combobox, type Option } from '../parts/combobox.js';
import { useSession } from '../session/session.js';
import { usePaused } from './paused.js';
import { useView } from './view.js';

/** Chooses the realm that the pages are about: all that the caller may see, or one. */
export function RealmChooser() {
  const { caller } = useSession();
  const { realm, path, query, link, open } = useView();
  const [text, setText] = useState<string>();
  const prefix = usePaused(text);
  const address = withQuery('/admin/v1/realms', { prefix: prefix || undefined, limit: '20' });
  const realms = useResource<ListPage<{ readonly name: string }>>(
    prefix === undefined ? undefined : address,
    false,
  );
  const top = caller?.realm ?? '/';
  const all = `${top === '/' ? 'All realms' : `${top} and below`}`;
  const option = (label: string, chosen: string | undefined): Option => ({
    key: chosen ?? '',
    label,
    choose: () => open(link(path, { ...query, realm: chosen })),
  });
  const found = (realms.body?.items ?? []).map(({ name }) => option(name, name));
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
