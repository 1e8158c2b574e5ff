import { useEffect } from 'preact/hooks';
import { useSetting } from './settings.js';

const themes = ['as the system', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

/** The colours, and what changes to the next ones. */
export function useTheme(): [Theme, () => void] {
  const [theme, setTheme] = useSetting('theme', themes);
  useEffect(() => {
    const { dataset } = document.documentElement;
    if (theme === 'as the system') delete dataset.theme;
    else dataset.theme = theme;
  }, [theme]);
  return [theme, () => setTheme(themes[(themes.indexOf(theme) + 1) % themes.length])];
}
