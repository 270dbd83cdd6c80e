import { defineConfig, type Plugin } from 'vite';

// The page is served as an object under a bucket's name, so every address in it is relative.
export default defineConfig({
  base: './',
  build: {
    // The Content-Security-Policy in index.html allows no data: addresses, and current browsers need no polyfill.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What the packages in the bundle ask for: their names and licences.
    license: { fileName: 'licences.txt' },
  },
  plugins: [inlineStylesWhileDeveloping()],
});

/** `npm run dev` puts style sheets into the page as inline elements; a build doesn't, and keeps the strict policy. */
function inlineStylesWhileDeveloping(): Plugin {
  return {
    name: 'inline-styles-while-developing',
    apply: 'serve',
    transformIndexHtml: (html) => html.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'"),
  };
}
