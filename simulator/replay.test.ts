// Replay finds every way in which a log can differ from what its inputs bring about, and says so in words.
import { beforeAll, describe, expect, it } from 'vitest'
import { linesOf, LogError, readEntries, type Entry } from './log.ts'
import { replayLog } from './replay.ts'
import { seats } from './seats.ts'

let log = ''
beforeAll(() => {
  seats({
    seed: 'replay', run: 'sim-replay', fromMs: Date.UTC(2026, 0, 5), hours: 1, agents: 3, perHour: 40, ahtMs: 200_000, wrapUpMs: 20_000, patienceMs: 60_000,
    sink: { take(now, command, events) { log += linesOf(now, command, events) } },
  }).run()
})

const replayOf = (text: string): ReturnType<typeof replayLog> => replayLog(readEntries(text.split('\n')))
const linesWith = (text: string): string[] => log.split('\n').filter((line) => line.includes(text))

describe('a true log', () => {
  it('is stated again, every event', async () => {
    const { identical, events, missing, percent, difference } = await replayOf(log)
    expect([identical, missing, percent, difference]).toEqual([events, 0, 100, null])
    expect(events).toBeGreaterThan(300)
  })

  it('is shown event by event, and no further than it is true', async () => {
    const shown = async (text: string): Promise<number[]> => {
      const seqs: number[] = []
      await replayLog(readEntries(text.split('\n')), ({ seq }) => void seqs.push(seq))
      return seqs
    }
    const { events } = await replayOf(log)
    expect(await shown(log)).toEqual(Array.from({ length: events }, (_, i) => i + 1))
    const line = linesWith('"offer.created"')[3]!
    expect(await shown(log.replace(line, line.replace(/"agent":"a\d"/, '"agent":"a9"')))).toEqual(Array.from({ length: (JSON.parse(line) as { seq: number }).seq - 1 }, (_, i) => i + 1))
  })

  it('may have its fields in another order', async () => {
    const turned = (value: unknown): unknown => (typeof value !== 'object' || value === null ? value : Array.isArray(value) ? value.map(turned) : Object.fromEntries(Object.entries(value).reverse().map(([k, v]) => [k, turned(v)])))
    const { identical, events } = await replayOf(log.split('\n').map((line) => (line === '' ? '' : JSON.stringify(turned(JSON.parse(line))))).join('\n'))
    expect(identical).toBe(events)
  })
})

describe('a log that was changed', () => {
  it('names the field', async () => {
    const line = linesWith('"offer.created"')[3]!
    const { identical, events, difference } = await replayOf(log.replace(line, line.replace(/"agent":"a(\d)"/, '"agent":"a9"')))
    expect(identical).toBe(events - 1)
    expect(difference).toMatch(/^event \d+ \(offer\.created\): data\.agent is "a9" in the log and "a\d" in the replay$/)
  })
  it('names a field too few and one too many', async () => {
    const line = linesWith('"queue.entered"')[2]!
    expect((await replayOf(log.replace(line, line.replace('"by":"acd"', '"by":"acd","note":1')))).difference).toMatch(/note is 1 in the log and absent in the replay$/)
    const bare = (JSON.parse(line) as { seq: number })
    const entries = async function* (): AsyncGenerator<Entry> {
      for await (const entry of readEntries(log.split('\n'))) {
        if ('event' in entry && entry.event.seq === bare.seq) delete (entry.event as { cmd?: string }).cmd
        yield entry
      }
    }
    expect((await replayLog(entries())).difference).toMatch(/cmd is absent in the log and "c\d+" in the replay$/)
  })
  it('misses an event that was taken out', async () => {
    const { difference, identical, events, missing, percent } = await replayOf(log.replace(linesWith('"call.connected"')[1]! + '\n', ''))
    expect(difference).toMatch(/^the replay states event \d+ \(call\.connected\), the log goes on with an input$/)
    expect([identical, missing]).toEqual([events, 1])
    expect(percent).toBeLessThan(100)
  })
  it('sees a log that stops within the events of an input', async () => {
    const cut = log.indexOf('\n', log.indexOf('"request.routed"'))
    expect((await replayOf(log.slice(0, cut))).difference).toMatch(/^the replay states event \d+ \(queue\.entered\), the log ends before it$/)
  })
  it('sees an event too many', async () => {
    const line = linesWith('"wrapup.ended"')[0]!
    const last = log.trimEnd()
    expect((await replayOf(`${last}\n${line}\n`)).difference).toMatch(/^the log has event \d+ \(wrapup\.ended\), the replay states nothing more$/)
  })
  it('says when an input is refused now', async () => {
    const line = linesWith('"type":"offer.accept"')[0]!
    expect((await replayOf(log.replace(line, line.replace(/"offer":"[^"]*"/, '"offer":"r0/99"')))).difference).toMatch(/^the core refuses the recorded input c\d+ \(offer\.accept\) as offer_gone$/)
  })
})

describe('what is no log of a run', () => {
  const cases: [string, () => string, RegExp][] = [
    ['nothing', () => '', /the log has no events/],
    ['events without inputs', () => linesWith('"seq":').join('\n'), /the log has no inputs before its first event/],
    ['the middle of a run', () => log.slice(log.indexOf('\n{"input"', 5000) + 1), /the log begins at event \d+; a replay needs the run from its first event/],
    ['a line that is not JSON', () => `${log.slice(0, 9000)}\n`, /^line \d+ is not JSON$/],
    ['an event of an unknown type', () => log.replace('"type":"agent.loggedIn"', '"type":"agent.sneezed"'), /^line \d+: event \d+: unknown type "?agent\.sneezed"?$/],
    ['an input without its instant', () => log.replace(/"now":\d+/, '"now":null'), /^line 1: an input needs a whole "now"/],
  ]
  it.each(cases)('%s', async (_name, text, sentence) => {
    await expect(replayOf(text())).rejects.toSatisfy((e) => e instanceof LogError && sentence.test(e.message) && e.code === 'bad_log')
  })
})
