// Where the media worker's program is kept: shared by the installer (which puts it there) and by whoever starts mediasoup.
// Plain JavaScript, because the installer runs on whatever Node the machine has.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, readFileSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Folder of the mediasoup package. */
export const mediasoupFolder = join(root, 'node_modules', 'mediasoup')

/** Folder of the recipe that builds the worker from system libraries. */
export const recipeFolder = join(root, 'engine', 'worker-build')

/** The user's cache folder for what the installer fetches or builds; it outlives node_modules and clones. */
export function cacheFolder() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'twinline')
}

/** Version of the installed mediasoup package. Throws when it is not installed. */
export function mediasoupVersion() {
  return JSON.parse(readFileSync(join(mediasoupFolder, 'package.json'), 'utf8')).version
}

/**
 * Where the worker of this mediasoup version, processor and recipe is (or will be) kept. The recipe's hash is part of the
 * name, so that a mended recipe does not find the old build.
 */
export function cachedWorkerPath() {
  const hash = createHash('sha256')
  for (const name of readdirSync(recipeFolder, { recursive: true, encoding: 'utf8' }).sort())
    if (/\.(sh|h)$/.test(name)) hash.update(name).update(readFileSync(join(recipeFolder, name)))
  const key = [mediasoupVersion(), process.platform, process.arch, hash.digest('hex').slice(0, 8)].join('-')
  const program = process.platform === 'win32' ? 'mediasoup-worker.exe' : 'mediasoup-worker'
  return join(cacheFolder(), 'media-worker', key, program)
}

/** The worker to start: MEDIASOUP_WORKER_BIN, else the cached one. Throws with a sentence when there is none. */
export function workerPath() {
  const path = process.env.MEDIASOUP_WORKER_BIN || cachedWorkerPath()
  try {
    accessSync(path, constants.X_OK)
  } catch {
    throw new Error(`There is no media worker at ${path}; "node engine/setup.mjs" installs it.`)
  }
  return path
}

/** Whether this program is a media worker that runs on this machine (libraries found, right processor). */
export function workerRuns(path) {
  // Started without MEDIASOUP_VERSION the worker leaves with 41 before it does anything else.
  return spawnSync(path, [], { env: {}, stdio: 'ignore', timeout: 10_000 }).status === 41
}
