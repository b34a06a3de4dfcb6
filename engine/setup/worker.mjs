// The media worker: one's own, the cached one, mediasoup's prebuilt one, or one built from Debian's packages; in this order.
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { arch, platform, release } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { cachedWorkerPath, mediasoupFolder, mediasoupVersion, recipeFolder, workerRuns } from '../media-worker.mjs'
import { Refusal, run, say, step } from './progress.mjs'
import { canInstall, hasApt, installPackages, missingPackages } from './system.mjs'

// A closed network must cost seconds, not minutes; an open one answers within one or two.
const answerTimeoutMs = 8_000
const downloadTimeoutMs = 180_000

const buildPackages = {
  'compile the media worker (mediasoup), whose prebuilt program could not be used here': ['g++', 'meson', 'ninja-build', 'pkg-config'],
  'libraries of the media worker: event loop, encryption, encrypted media (SRTP), messages': [
    'libuv1-dev',
    'libssl-dev',
    'libsrtp2-dev',
    'libflatbuffers-dev',
    'flatbuffers-compiler',
  ],
}

/** Makes sure that there is a media worker that runs here. */
export async function installWorker() {
  const own = process.env.MEDIASOUP_WORKER_BIN
  if (own) {
    if (!workerRuns(own)) throw new Refusal(`MEDIASOUP_WORKER_BIN names ${own}, which is no media worker that runs here.`)
    return
  }
  const path = cachedWorkerPath()
  if (existsSync(path) && workerRuns(path)) return
  await mkdir(dirname(path), { recursive: true })
  const problem = await step('Media worker 媒体进程: looking for a prebuilt one', () => download(path))
  if (!problem) return
  say(`  None: ${problem}.`)
  await build(path, problem)
}

/** Fetches mediasoup's prebuilt worker. Returns why not, when it did not. */
async function download(path) {
  const base = process.env.MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL || 'https://github.com/versatica/mediasoup/releases/download'
  const kernel = platform() === 'linux' ? `-kernel${release().split('.')[0]}` : ''
  const url = `${base}/${mediasoupVersion()}/mediasoup-worker-${mediasoupVersion()}-${platform()}-${arch()}${kernel}.tgz`
  const folder = await mkdtemp(`${path}-`)
  try {
    const archive = join(folder, 'worker.tgz')
    await writeFile(archive, await fetchBytes(url))
    await run('tar', ['-xzf', archive, '-C', folder], { advice: '' })
    const program = join(folder, basename(path))
    await chmod(program, 0o755)
    if (!workerRuns(program)) return 'the prebuilt one does not run on this system'
    await rename(program, path)
  } catch (problem) {
    return `the prebuilt one could not be fetched from ${new URL(url).host} (${problem.cause?.code ?? problem.message})`
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function fetchBytes(url) {
  const given = new AbortController()
  const limit = (ms) => setTimeout(() => given.abort(new Error(`no answer within ${ms / 1000} s`)), ms)
  let timer = limit(answerTimeoutMs)
  try {
    const response = await fetch(url, { signal: given.signal })
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`)
    clearTimeout(timer)
    timer = limit(downloadTimeoutMs)
    return Buffer.from(await response.arrayBuffer())
  } finally {
    clearTimeout(timer)
  }
}

/** Builds the worker from system libraries. */
async function build(path, problem) {
  const names = Object.values(buildPackages).flat()
  if (!hasApt)
    throw new Refusal(
      `There is no media worker: ${problem}, and it can be built only with Debian's packages. Either make the download possible, or build mediasoup-worker ${mediasoupVersion()} yourself and name it in MEDIASOUP_WORKER_BIN.`,
    )
  if (!canInstall && missingPackages(names).length)
    throw new Refusal(
      `There is no media worker: ${problem}. To build it, install what it needs and start again (or name one of your own in MEDIASOUP_WORKER_BIN):\n  sudo apt-get install --no-install-recommends ${missingPackages(names).join(' ')}`,
    )
  await installPackages('media worker', buildPackages)
  await step('Media worker 媒体进程: building it (about 3 minutes on 2 cores, once)', (onLine) =>
    run('sh', [join(recipeFolder, 'build.sh'), mediasoupFolder, path], {
      onLine,
      advice: 'Another worker can be named in MEDIASOUP_WORKER_BIN.',
    }),
  )
  if (!workerRuns(path)) throw new Refusal(`The media worker was built but does not run: ${path}`)
}
