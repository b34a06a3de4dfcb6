// Builds the console into console/dist: two entries (visitor page, staff app) that share a shell; no inline script or style, for the CSP.
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: here('.'),
  base: '/',
  build: {
    outDir: here('dist'),
    emptyOutDir: true,
    // Visitors come with whatever phone they have: these are the oldest engines on which mediasoup-client itself works.
    target: ['es2020', 'chrome87', 'firefox90', 'safari14.1'],
    // Nothing as data: URL and no polyfill script beside the bundles, so `default-src 'self'` is enough.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { visitor: here('visitor.html'), staff: here('staff.html') } },
  },
})
