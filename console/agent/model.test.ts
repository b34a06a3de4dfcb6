// The workbench's state: status and device check, offers, the call, wrap-up, the summary.
import { signal } from '@preact/signals'
import { beforeEach, expect, test, vi } from 'vitest'
import type { AgentMessage, AgentPush, AgentView } from '#wire/messages.ts'
import type { Chosen } from '../call/devices.ts'
import type { Link, Unsent } from '../link.ts'
import { Refused } from '../shell/refused.ts'
import { makeDrafts, type Drafts } from './drafts.ts'
import { gradeOf, makeWorkbench, type Workbench } from './model.ts'

const blank: AgentView = {
  agent: 'lin', nickname: 'Lin', realName: 'Lin X', video: true, status: 'offline', reason: '', statusSince: 0, work: 'none', deviceCheckedAt: null, deviceCheckNeeded: true,
  queued: null, asked: null, offer: null, dial: null, call: null, wrapUp: null, plan: 1, queue: [], queues: [{ group: 'a', name: 'A', waiting: 2, longestSince: 1 }, { group: 'b', name: 'B', waiting: 1, longestSince: 2 }],
}
const offer: NonNullable<AgentView['offer']> = {
  offer: 'r1/1', request: 'r1', visitor: 'v-1', channel: 'web', access: 'web', accessName: 'Web', group: 'a', attempt: 1, waitingSince: 0, expiresAt: 20_000,
  mode: 'own', from: null, direction: 'inbound', priority: 0, attributes: {},
}
const talk = (part: Partial<NonNullable<AgentView['call']>> = {}): NonNullable<AgentView['call']> => ({
  request: 'r1', visitor: 'v-1', connectedAt: 5, channel: 'web', accessName: 'Web', group: 'a', direction: 'inbound', attributes: {}, mine: true, held: false,
  parties: [], guests: [], invitations: [], wrapUp: 'timed', wantsWrapUp: false, ...part,
})
const wrapUp = (request: string, summaryNeeded = false) => ({ request, endsAt: 9, summaryNeeded })
const track = (id: string) => ({ id, stop: vi.fn() }) as unknown as MediaStreamTrack

let asked: Unsent<AgentMessage>[]
let refused: Record<string, Refused>
let held: Promise<void> | null
let answers: Record<string, Record<string, unknown>>
let plans: number[]
let view: AgentView
let hear: (push: AgentPush) => void
let say: (part: Partial<AgentView>) => void
let joins: number
let opens: Chosen[]
let drafts: Drafts
let workbench: Workbench
const roundTripMs = signal<number | null>(80)

function make(): Workbench {
  const link = (heard: (push: AgentPush) => void): Link<AgentMessage> => {
    hear = heard
    return {
      state: signal('open'), endedBy: signal(null), connection: signal(1), roundTripMs, tell: () => {}, reopen: () => {}, close: () => {},
      ask: async (message) => {
        asked.push(message)
        await held
        const no = refused[message.type]
        if (no) throw no
        return answers[message.type] ?? {}
      },
    }
  }
  return makeWorkbench({
    link, drafts, chosen: signal({ camera: 'front' }), followPlan: (version) => { plans.push(version) }, release: () => {},
    open: async (chosen) => { opens.push(chosen); return { tracks: { microphone: track('m'), camera: track('c') }, trouble: {} } },
    load: async () => () => ({ join: () => { joins++ }, push: () => {}, setOn: async () => {}, replace: async () => {}, close: () => {} }),
  })
}

beforeEach(() => {
  asked = []
  refused = {}
  held = null
  answers = {}
  plans = []
  joins = 0
  opens = []
  view = blank
  let text: string | null = null
  drafts = makeDrafts({ get: () => text, set: (next) => { text = next } }, () => 0)
  workbench = make()
  say = (part) => { view = { ...view, ...part }; hear({ type: 'view', now: 0, view }) }
  say({})
})
const types = () => asked.map(({ type }) => type)

test('idle without a device check opens the check; passing it makes the agent idle', async () => {
  await workbench.setStatus('idle')
  expect([workbench.checking.value, types()]).toEqual([{ thenIdle: true }, []])
  await workbench.checked({ camera: true, microphone: true, speaker: true })
  expect(asked).toEqual([
    { type: 'device', camera: true, microphone: true, speaker: true, network: 'good' },
    { type: 'status', to: 'idle', reason: '' },
  ])
  expect(workbench.checking.value).toBeNull()
})

test('a failed device check is told to the engine, and idle is not asked for', async () => {
  await workbench.setStatus('idle')
  await workbench.checked({ camera: true, microphone: false, speaker: true })
  expect(types()).toEqual(['device'])
})

test('a device check by itself changes no status', async () => {
  workbench.checking.value = { thenIdle: false }
  await workbench.checked({ camera: true, microphone: true, speaker: true })
  expect(types()).toEqual(['device'])
})

test('other statuses are asked for at once; the one already set is not', async () => {
  await workbench.setStatus('busy')
  await workbench.setStatus('offline')
  expect(asked).toEqual([{ type: 'status', to: 'busy', reason: '' }])
})

test('a reason goes with the status', async () => {
  await workbench.setStatus('away', 'lunch')
  expect(asked).toEqual([{ type: 'status', to: 'away', reason: 'lunch' }])
})

test.each(['dialling', 'connecting', 'in_call', 'wrap_up'] as const)('a status chosen while %s follows the work', async (work) => {
  say({ status: 'idle', work })
  await workbench.setStatus('away', 'lunch')
  expect(asked).toEqual([{ type: 'queueStatus', to: 'away', reason: 'lunch' }])
})

test('while it rings a status is set at once', async () => {
  say({ status: 'idle', work: 'ringing', offer })
  await workbench.setStatus('busy')
  expect(types()).toEqual(['status'])
})

test('the status that was to follow is taken back by its own button, or by choosing the one he has', async () => {
  say({ status: 'idle', work: 'in_call', call: talk(), queued: { to: 'away', reason: '' } })
  await workbench.takeBack()
  await workbench.setStatus('idle')
  expect(asked).toEqual([{ type: 'queueStatus', to: null, reason: '' }, { type: 'queueStatus', to: null, reason: '' }])
})

test('idle after the call needs the check too: in wrap-up it opens, in the call the engine says so', async () => {
  say({ status: 'busy', work: 'wrap_up', wrapUp: wrapUp('r1') })
  await workbench.setStatus('idle')
  await workbench.checked({ camera: true, microphone: true, speaker: true })
  expect(asked.at(-1)).toEqual({ type: 'queueStatus', to: 'idle', reason: '' })
  say({ work: 'in_call', wrapUp: null, call: talk() })
  await workbench.setStatus('idle')
  expect([workbench.checking.value, types()]).toEqual([null, ['device', 'queueStatus', 'queueStatus']])
})

test('each view tells the version of the plan', () => {
  say({ plan: 7 })
  expect(plans).toEqual([1, 7])
})

test('who is free may pick and call out', () => {
  const free = (part: Partial<AgentView>) => { say({ status: 'busy', work: 'none', ...part }); return workbench.free.value }
  expect([free({}), free({ status: 'invisible' }), free({ status: 'offline' }), free({ work: 'wrap_up' }), free({ work: 'ringing' })]).toEqual([true, true, false, false, false])
})

test('the queue: picked from, made urgent, explained', async () => {
  answers['explain'] = { explanation: { reasons: [], rank: 2, ahead: ['wang'] } }
  await workbench.pick('r3')
  await workbench.makeUrgent('r3', true)
  expect((await workbench.explain('r3')).ahead).toEqual(['wang'])
  expect(asked).toEqual([{ type: 'pick', request: 'r3' }, { type: 'urgent', request: 'r3', on: true }, { type: 'explain', request: 'r3' }])
})

test('calling out opens the camera, closes its dialog, and can be given up', async () => {
  workbench.openDial({ visitor: null, access: null })
  expect([workbench.checking.value, workbench.dialling.value]).toEqual([{ thenIdle: false }, null])
  say({ deviceCheckNeeded: false })
  workbench.openDial({ visitor: null, access: null })
  expect(workbench.dialling.value).not.toBeNull()
  await workbench.dial(null, 'web')
  expect(workbench.dialling.value).toBeNull()
  say({ status: 'busy', work: 'dialling', dial: { request: 'r9', visitor: '', expiresAt: 9, link: '/v/web#x' } })
  expect(opens).toEqual([{ camera: 'front' }])
  await workbench.call.openDevices()
  await workbench.dialCancel()
  expect(asked).toEqual([{ type: 'dial', visitor: null, access: 'web' }, { type: 'dialCancel', request: 'r9' }])
  say({ work: 'none', dial: null })
  expect(workbench.call.tracks.value.camera).toBeNull()
})

test('a dial that is refused leaves its dialog open', async () => {
  workbench.dialling.value = { visitor: 'v-1', access: 'web' }
  refused['dial'] = new Refused('request_open', { zh: '', en: '' })
  await expect(workbench.dial('v-1', 'web')).rejects.toMatchObject({ code: 'request_open' })
  expect(workbench.dialling.value).not.toBeNull()
})

test('wrap-up that needs a summary is missing it until it is filed', async () => {
  say({ work: 'in_call', call: talk() })
  expect(workbench.summaryMissing.value).toBe(false)
  say({ work: 'wrap_up', call: null, wrapUp: wrapUp('r1', true) })
  expect(workbench.summaryMissing.value).toBe(true)
  drafts.write('r1', { category: 'order' })
  await workbench.saveSummary()
  expect(workbench.summaryMissing.value).toBe(false)
})

test('an offer opens the camera chosen on this machine, and its showing is told once', async () => {
  say({ status: 'idle', deviceCheckNeeded: false, work: 'ringing', offer })
  expect(opens).toEqual([{ camera: 'front' }])
  workbench.shown('r1/1')
  workbench.shown('r1/1')
  expect(asked).toEqual([{ type: 'ring', offer: 'r1/1' }])
})

test('an offer puts an open device check away', () => {
  workbench.checking.value = { thenIdle: false }
  say({ work: 'ringing', offer })
  expect(workbench.checking.value).toBeNull()
})

test('two presses on accept are one', async () => {
  say({ work: 'ringing', offer })
  let release = () => {}
  held = new Promise((done) => { release = done })
  const [one, other] = [workbench.accept(), workbench.accept()]
  expect(workbench.asking.value).toBe('accept')
  release()
  await Promise.all([one, other])
  expect([types(), workbench.asking.value]).toEqual([['accept'], null])
})

test('an accept that came too late says so', async () => {
  say({ work: 'ringing', offer })
  refused['accept'] = new Refused('offer_gone', { zh: '', en: '' })
  await expect(workbench.accept()).rejects.toMatchObject({ code: 'offer_gone' })
})

test('an offer that goes away lets go of the camera', async () => {
  say({ work: 'ringing', offer })
  await workbench.call.openDevices()
  say({ work: 'none', offer: null })
  expect(workbench.call.tracks.value.camera).toBeNull()
})

test('the call is joined once and left at its end; its summary is begun with it', async () => {
  say({ work: 'connecting', call: talk({ connectedAt: null }) })
  say({ work: 'in_call', call: talk() })
  await vi.waitFor(() => expect(joins).toBe(1))
  expect([workbench.summaryOf.value, drafts.find('r1')?.visitor]).toEqual(['r1', 'v-1'])
  say({ work: 'wrap_up', call: null, wrapUp: wrapUp('r1') })
  expect([workbench.call.state.value, workbench.summaryOf.value]).toEqual([null, 'r1'])
})

test('a page loaded in wrap-up offers the summary of that call', () => {
  const again = make()
  hear({ type: 'view', now: 0, view: { ...blank, work: 'wrap_up', wrapUp: wrapUp('r7') } })
  expect([again.summaryOf.value, drafts.find('r7')?.filed]).toEqual(['r7', false])
})

test('a filed summary is trimmed, and is a draft again when it was typed on meanwhile', async () => {
  say({ work: 'in_call', call: talk() })
  drafts.write('r1', { category: ' Order ', note: 'a' })
  let release = () => {}
  held = new Promise((done) => { release = done })
  const saving = workbench.saveSummary()
  drafts.write('r1', { note: 'ab' })
  release()
  await saving
  expect(asked).toEqual([{ type: 'summary', request: 'r1', category: 'Order', resolved: false, note: 'a' }])
  expect(drafts.find('r1')?.filed).toBe(false)
  await workbench.saveSummary()
  expect(drafts.find('r1')?.filed).toBe(true)
})

test('a summary that was refused stays a draft', async () => {
  say({ work: 'in_call', call: talk() })
  drafts.write('r1', { category: 'Order' })
  refused['summary'] = new Refused('store_away', { zh: '', en: '' })
  await expect(workbench.saveSummary()).rejects.toMatchObject({ code: 'store_away' })
  expect([drafts.find('r1')?.filed, workbench.saving.value]).toEqual([false, false])
})

test('the badge counts who waits in all groups', () => expect(workbench.waiting.value).toBe(3))

test.each([[null, 'unknown'], [0, 'good'], [150, 'good'], [151, 'fair'], [400, 'fair'], [401, 'poor']] as const)('a round trip of %s ms is %s', (ms, grade) => {
  expect(gradeOf(ms)).toBe(grade)
})
