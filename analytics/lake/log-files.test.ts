// Log files: whatever their order, events come gapless and in order; what is not a log is refused by file and line.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, it } from 'vitest'
import type { TwinlineEvent } from '#events/event.ts'
import { randomDay } from '../../fixtures/random-day.ts'
import { LogError, LogFiles } from './log-files.ts'

const EVENTS = randomDay(4, 120, Date.UTC(2026, 0, 5))
const lines = (events: readonly TwinlineEvent[]): string => events.map((e) => `{"input":{"now":1,"command":{"type":"clock","cmd":"c"}}}\n${JSON.stringify(e)}\n`).join('')
const folders: string[] = []
let folder = ''
beforeEach(async () => { folders.push((folder = await mkdtemp(join(tmpdir(), 'twinline-log-')))) })
afterAll(async () => { for (const f of folders) await rm(f, { recursive: true }) })
const file = async (name: string, text: string): Promise<string> => {
  await writeFile(join(folder, name), text)
  return join(folder, name)
}
async function all(log: LogFiles, run: string, after = 0): Promise<TwinlineEvent[]> {
  const events: TwinlineEvent[] = []
  for await (const batch of log.read(run, after, 7)) {
    expect(batch.length).toBeLessThanOrEqual(7)
    events.push(...batch)
  }
  return events
}

it('reads a file, or the files of a folder in the order of their events', async () => {
  const one = await LogFiles.open(await file('a.ndjson', lines(EVENTS)))
  expect(one.runs).toEqual(['random'])
  expect(await all(one, 'random')).toEqual(EVENTS)
  expect(await one.head('random')).toBe(EVENTS.length)
  const other = EVENTS.map((e) => ({ ...e, run: 'other' }))
  await file('a.ndjson', lines(EVENTS.slice(50)))
  await file('b.ndjson', lines(EVENTS.slice(0, 50)))
  await file('c.ndjson', lines(other))
  await file('notes.txt', 'not a log')
  const many = await LogFiles.open(folder)
  expect(many.runs).toEqual(['other', 'random'])
  expect(await all(many, 'random')).toEqual(EVENTS)
  expect(await all(many, 'random', 60)).toEqual(EVENTS.slice(60))
  expect(await all(many, 'other')).toEqual(other)
})

it('refuses gaps, mixtures, lines that are no events, and nothing at all', async () => {
  const refused = async (text: string, sentence: RegExp): Promise<void> => {
    const path = await file('x.ndjson', text)
    await expect((async () => await all(await LogFiles.open(path), 'random'))()).rejects.toThrow(sentence)
  }
  await refused(lines(EVENTS.filter((e) => e.seq !== 9)), /event 10 does not follow 8/)
  await refused(lines([...EVENTS.slice(0, 5), EVENTS[2]!]), /event 3 does not follow 5/)
  await refused(lines([EVENTS[0]!, { ...EVENTS[1]!, run: 'other' }]), /one file, one run/)
  await refused(`${lines(EVENTS.slice(0, 2))}{"seq":3`, /line 5: not JSON/)
  await refused(lines([{ ...EVENTS[0]!, type: 'request.sneezed' } as unknown as TwinlineEvent]), /line 2: event 1: unknown type/)
  await refused('\n', /no events/)
  await expect(LogFiles.open(join(folder, 'nowhere'))).rejects.toThrow(LogError)
})
