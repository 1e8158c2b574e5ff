import { defineConfig } from 'vite';

/** Builds the dashboard. Nothing is inlined, because its policy lets nothing inline run. */
export default defineConfig({
  root: 'ui',
  publicDir: false,
  logLevel: 'warn',
  build: {
    outDir: '../dist/ui',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
  },
});
