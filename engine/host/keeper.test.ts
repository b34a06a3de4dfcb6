// Keeping a program running, with real processes of a line or two.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { Keeper, type Patience, Refusal } from './keeper.ts'
import { startProgram } from './program.ts'

const folder = mkdtempSync(join(tmpdir(), 'twinline-keeper-'))
afterAll(() => rmSync(folder, { recursive: true }))
const quick: Patience = { firstDelayMs: 1, maxDelayMs: 20, maxDeaths: 4, steadyMs: 60_000 }
const supervised = JSON.stringify(join(import.meta.dirname, 'supervised.ts'))
let count = 0

/** A keeper of a program with this source, what it printed, and what was said about it. */
function keep(source: string, limits = quick, stopTimeoutMs = 5_000) {
  const file = join(folder, `program${count++}.ts`)
  writeFileSync(file, source)
  const [printed, said]: string[][] = [[], []]
  const start = async () => startProgram({ file, env: process.env, stopTimeoutMs, onLine: (line) => printed!.push(line) })
  return { keeper: new Keeper({ name: 'it', start }, (line) => said!.push(line), limits), printed: printed!, said: said! }
}

const steady = `import { reportReady, stopRequest } from ${supervised}
const asked = stopRequest()
reportReady()
console.log('up')
console.log('stops:', await asked)
process.exit(0)`

test('a program that dies again and again is given up after the cap, with longer and longer waits', async () => {
  const { keeper, said } = keep('process.exit(3)')
  expect(await keeper.givenUp).toBe('it has ended 4 times in a row and is not started again; the last time: exit code 3')
  await expect(keeper.ready).rejects.toThrow('not started again')
  expect(said).toEqual([1, 2, 4].map((ms) => `it has ended (exit code 3); starting it again in ${ms / 1000} s`))
})

test('one that refuses is not started again, and its last line is the reason', async () => {
  const { keeper, said } = keep(`console.error('The port is taken.'); process.exit(78)`)
  expect(await keeper.givenUp).toBe('The port is taken.')
  expect(said).toEqual([])
})

test('one that cannot even be started counts like a death, unless it refuses', async () => {
  let starts = 0
  const failing = new Keeper({ name: 'it', start: async () => Promise.reject(new Error(`attempt ${++starts}`)) }, () => {}, quick)
  expect(await failing.givenUp).toContain('the last time: attempt 4')
  const refusing = new Keeper({ name: 'it', start: async () => Promise.reject(new Refusal('Never.')) }, () => {}, quick)
  expect(await refusing.givenUp).toBe('Never.')
})

test('killed, it is started again; asked to stop, it stops in order and stays stopped', async () => {
  const { keeper, printed, said } = keep(steady)
  await keeper.ready
  await vi.waitFor(() => expect(printed).toEqual(['up']), 5_000)
  const first = keeper.pid!
  process.kill(first, 'SIGKILL')
  await vi.waitFor(() => expect(keeper.pid).toSatisfy((pid?: number) => pid !== undefined && pid !== first), 5_000)
  expect(said).toEqual(['it has ended (killed by SIGKILL); starting it again in 0.001 s'])
  await vi.waitFor(() => expect(printed).toEqual(['up', 'up']), 5_000)
  await keeper.stop()
  expect(printed).toEqual(['up', 'up', 'stops: SIGTERM'])
  expect(keeper.pid).toBeUndefined()
  expect(said).toHaveLength(1)
})

test('deaths that lie apart do not add up', async () => {
  const { keeper, said } = keep(`import { reportReady } from ${supervised}\nreportReady()\nsetTimeout(() => process.exit(1), 50)`, { ...quick, steadyMs: 0 })
  await vi.waitFor(() => expect(said.length).toBeGreaterThan(quick.maxDeaths), 20_000)
  expect(new Set(said)).toEqual(new Set(['it has ended (exit code 1); starting it again in 0.001 s']))
  await keeper.stop()
})

test('one that does not stop is killed when its time is over', async () => {
  const { keeper } = keep(`import { reportReady } from ${supervised}\nprocess.on('SIGTERM', () => {})\nsetInterval(() => {}, 1000)\nreportReady()`, quick, 100)
  await keeper.ready
  const begun = performance.now()
  await keeper.stop()
  expect(performance.now() - begun).toBeGreaterThanOrEqual(95)
})

test('a stop ends the wait for a restart', async () => {
  const { keeper, said } = keep('process.exit(3)', { ...quick, firstDelayMs: 600_000, maxDelayMs: 600_000 })
  await vi.waitFor(() => expect(said).toHaveLength(1), 5_000)
  await keeper.stop()
  await expect(keeper.ready).rejects.toThrow('was stopped')
})
