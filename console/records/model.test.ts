// The records page's state: paging, refreshing, failing.
import { expect, test } from 'vitest'
import { refuse } from '../shell/refused.ts'
import { canCallBack, makeRecords, type CallRecord, type RecordsAnswer } from './model.ts'

const record = (request: string) => ({ request }) as CallRecord
const pages: Record<string, RecordsAnswer> = {
  first: { records: [record('c'), record('b')], next: 'older' },
  older: { records: [record('a')], next: null },
}
const shown = (records: ReturnType<typeof makeRecords>) => records.rows.value?.map((row) => row.request).join('')

test('older pages are added below, and there is an end', async () => {
  const records = makeRecords(async (next) => pages[next ?? 'first']!)
  expect(records.rows.value).toBeNull()
  await records.refresh()
  expect([shown(records), records.more.value]).toEqual(['cb', true])
  await records.readMore()
  expect([shown(records), records.more.value]).toEqual(['cba', false])
  await records.readMore()
  expect(shown(records)).toBe('cba')
  await records.refresh()
  expect(shown(records)).toBe('cb')
})

test('a failed refresh says why and keeps what was shown', async () => {
  let fail = false
  const records = makeRecords(async () => {
    if (fail) throw refuse('unreachable')
    return pages['older']!
  })
  await records.refresh()
  fail = true
  await records.refresh()
  expect(records.failed.value?.code).toBe('unreachable')
  expect([shown(records), records.busy.value]).toEqual(['a', false])
})

test('two reads at once are one', async () => {
  let asked = 0
  const records = makeRecords(async () => { asked++; return pages['first']! })
  await Promise.all([records.refresh(), records.refresh()])
  expect(asked).toBe(1)
})

test('an agent calls back whom he served, once that call is over', () => {
  const taken = (outcome: string | null): CallRecord => ({ ...record('a'), outcome, agents: [{ agent: 'lin', nickname: 'Lin' }] })
  expect([canCallBack(taken('answered'), 'lin'), canCallBack(taken(null), 'lin'), canCallBack(taken('answered'), 'wang'), canCallBack(taken('answered'), null)]).toEqual([true, false, false, false])
})
