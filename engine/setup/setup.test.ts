// The installer's decisions, each in a Node of its own as the installer runs: what it fetches, refuses and reports.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { mediasoupVersion, workerPath } from '../media-worker.mjs'

const folder = mkdtempSync(join(tmpdir(), 'twinline-setup-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs lines of a module beside the installer's; settles with exit code and output. */
async function run(source: string, env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], { cwd: import.meta.dirname, env: { ...process.env, ...env } })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const [code] = await once(child, 'close')
  return { code, output }
}
const installWorker = `import { installWorker } from './worker.mjs'\nawait installWorker().catch((problem) => { console.log(problem.message); process.exitCode = 1 })`

test('a prebuilt worker is fetched, tried and kept in the cache', async () => {
  const archive = join(folder, 'worker.tgz')
  copyFileSync(workerPath(), join(folder, 'mediasoup-worker'))
  await once(spawn('tar', ['-czf', archive, '-C', folder, 'mediasoup-worker']), 'exit')
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url!)
    response.end(readFileSync(archive))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const env = {
    MEDIASOUP_WORKER_BIN: '',
    XDG_CACHE_HOME: join(folder, 'cache'),
    MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  }
  const { code, output } = await run(installWorker, env)
  expect(output).toContain('looking for a prebuilt one')
  expect(code).toBe(0)
  expect(asked).toEqual([expect.stringContaining(`/${mediasoupVersion()}/mediasoup-worker-${mediasoupVersion()}-${process.platform}-${process.arch}`)])
  const versions = join(folder, 'cache', 'twinline', 'media-worker')
  expect(readdirSync(versions).flatMap((version) => readdirSync(join(versions, version)))).toEqual(['mediasoup-worker'])

  expect(await run(installWorker, env)).toEqual({ code: 0, output: '' })
  expect(asked).toHaveLength(1)
  server.close()
})

test('a program that is no media worker is refused', async () => {
  expect(await run(installWorker, { MEDIASOUP_WORKER_BIN: '/bin/true' })).toEqual({ code: 1, output: 'MEDIASOUP_WORKER_BIN names /bin/true, which is no media worker that runs here.\n' })
})

test('a command that fails is reported with the end of its output and what to do', async () => {
  const source = `import { run, step } from './progress.mjs'
await step('Trying', () => run('sh', ['-c', 'for i in $(seq 100); do echo line $i; done; exit 7'], { advice: 'Do this.' })).catch((problem) => console.log(problem.message))`
  const { output } = await run(source)
  expect(output).toMatch(/^… Trying\n✗ Trying · \d s\nsh -c .* failed \(exit code 7\); the output:\n/)
  expect(output).toMatch(/│ line 81\n[^]*│ line 100\nDo this\.\n$/)
  expect(output).not.toContain('line 80\n')
})

test('node_modules must be of this package-lock.json, but for packages of other platforms, and in production of development', async () => {
  const { agree } = (await import('./dependencies.mjs' as string)) as { agree: (locked: object, installed: object, production: boolean) => boolean }
  const a = { version: '1.0.0', integrity: 'sha512-a' }
  const locked = { '': { version: '0.1.0' }, 'node_modules/a': a, 'node_modules/for-windows': { version: '1.0.0', optional: true } }
  const withTool = { ...locked, 'node_modules/tool': { version: '1.0.0', dev: true } }
  expect(agree(locked, { 'node_modules/a': a }, false)).toBe(true)
  expect(agree(locked, {}, false)).toBe(false)
  expect(agree(locked, { 'node_modules/a': { ...a, version: '1.0.1' } }, false)).toBe(false)
  expect(agree(locked, { 'node_modules/a': { ...a, integrity: 'sha512-b' } }, false)).toBe(false)
  expect([false, true].map((production) => agree(withTool, { 'node_modules/a': a }, production))).toEqual([false, true])
})
