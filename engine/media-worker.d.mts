// Types of media-worker.mjs, for the TypeScript that imports it.
export const mediasoupFolder: string
export const recipeFolder: string
export function cacheFolder(): string
export function mediasoupVersion(): string
export function cachedWorkerPath(): string
export function workerPath(): string
export function workerRuns(path: string): boolean
