// What the bundler adds to TypeScript: style sheets are imported for their effect.
declare module '*.css'
