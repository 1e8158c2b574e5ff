import type { Ref } from 'preact';
import { useSession } from '../session/session.js';
import { RealmChooser } from './realm-chooser.js';
import { Search } from './search.js';
import { useTheme } from './theme.js';
import { useView } from './view.js';

interface HeaderProps {
  readonly search: Ref<HTMLInputElement>;
  readonly onHelp: () => void;
}

/** The bar above every page. */
export function Header({ search, onHelp }: HeaderProps) {
  const { logOut } = useSession();
  const { link } = useView();
  const [theme, nextTheme] = useTheme();
  return (
    <header class="top">
      <a class="brand" href={link('/')}>
        Symbolon
      </a>
      <RealmChooser />
      <Search input={search} />
      <div class="tools">
        <button type="button" class="plain" onClick={nextTheme} title={`Colours: ${theme}`}>
          <span aria-hidden="true">◐</span>
          <span class="unseen">Colours: {theme}. Change them</span>
        </button>
        <button type="button" class="plain" onClick={onHelp} title="Keys (?)">
          <span aria-hidden="true">?</span>
          <span class="unseen">Keys</span>
        </button>
        <button type="button" class="plain" onClick={logOut}>
          Log out
        </button>
      </div>
    </header>
  );
}
