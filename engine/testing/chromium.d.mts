// Types of chromium.mjs, for the TypeScript that imports it.
export function chromiumPath(): string | undefined
