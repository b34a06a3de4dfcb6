// One supervisor per data folder, also after one was killed.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { lockFolder } from './lock.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'twinline-lock-'))))
afterEach(() => rmSync(folder, { recursive: true }))
const module = JSON.stringify(join(import.meta.dirname, 'lock.ts'))

/** Another process that has locked the folder and started a child of its own (which outlives it). */
async function holder() {
  const source = `import { spawn } from 'node:child_process'
import { lockFolder } from ${module}
const lock = await lockFolder(${JSON.stringify(folder)})
const script = 'trap "echo > ended; exit" TERM; echo > ready; while :; do sleep 0.02; done'
const child = spawn('sh', ['-c', script], { cwd: ${JSON.stringify(folder)}, detached: true, stdio: 'ignore' })
await lock.setChildren([child.pid])
process.stdout.write(String(child.pid))
setInterval(() => {}, 1000)`
  const holding = spawn(process.execPath, ['--input-type=module', '--eval', source], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [pid] = await once(holding.stdout, 'data')
  return { process: holding, childPid: Number(pid) }
}

test('a second supervisor is refused while the first one runs', async () => {
  const { process: first, childPid } = await holder()
  await expect(lockFolder(folder)).rejects.toThrow(`Another Twinline (process ${first.pid}) runs on the data folder ${folder}.`)
  first.kill('SIGKILL')
  await once(first, 'exit')
  // Asked to end it would still write, while the folder is being removed.
  await vi.waitFor(() => expect(readdirSync(folder)).toContain('ready'), 5_000)
  process.kill(childPid, 'SIGKILL')
})

test('after it was killed the next one takes over, and ends its children first', async () => {
  const { process: first } = await holder()
  first.kill('SIGKILL')
  await once(first, 'exit')
  await vi.waitFor(() => expect(readdirSync(folder)).toContain('ready'), 5_000)
  const lock = await lockFolder(folder)
  expect(readdirSync(folder)).toContain('ended')
  await lock.release()
  expect(readdirSync(folder).sort()).toEqual(['ended', 'ready'])
})

test('of two at once exactly one gets it, also from one that was killed', async () => {
  const { process: first } = await holder()
  first.kill('SIGKILL')
  await once(first, 'exit')
  const results = await Promise.allSettled([1, 2].map(holderOutcome))
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  for (const result of results) if (result.status === 'fulfilled') result.value()
})

/** Locks in a process of its own; settles with how to end it, rejects when it was refused. */
async function holderOutcome(): Promise<() => void> {
  const source = `import { lockFolder } from ${module}
await lockFolder(${JSON.stringify(folder)})
process.stdout.write('locked')
setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], { stdio: ['ignore', 'pipe', 'ignore'] })
  const locked = once(child.stdout, 'data').then(() => true)
  if (await Promise.race([locked, once(child, 'exit').then(() => false)])) return () => child.kill('SIGKILL')
  throw new Error('refused')
}

test('a number that another process has now is not taken for the supervisor, nor a file cut short', async () => {
  writeFileSync(join(folder, 'supervisor.json'), JSON.stringify({ pid: process.pid, startedAt: 'long ago', children: [{ pid: process.pid, startedAt: 'long ago' }] }))
  await (await lockFolder(folder)).release()
  writeFileSync(join(folder, 'supervisor.json'), '{"pid":')
  await (await lockFolder(folder)).release()
  expect(existsSync(join(folder, 'supervisor.json'))).toBe(false)
})

test('a folder that cannot be written is named in a sentence', async () => {
  writeFileSync(join(folder, 'file'), '')
  await expect(lockFolder(join(folder, 'file', 'data'))).rejects.toThrow(`The data folder ${join(folder, 'file', 'data')} cannot be written (ENOTDIR); set TWINLINE_DATA to one that can.`)
})
