// A supervisor in a call: the camera opens when he is to be seen and heard, and not before.
import { signal } from '@preact/signals'
import { beforeEach, expect, test, vi } from 'vitest'
import type { SupervisorMessage, SupervisorPush, SupervisorView } from '#wire/messages.ts'
import type { Link, Unsent } from '../link.ts'
import { makeMonitor, type Mode, type Monitor } from './monitor.ts'

const track = (id: string) => ({ id, stop: vi.fn() }) as unknown as MediaStreamTrack
let asked: Unsent<SupervisorMessage>[]
let hear: (push: SupervisorPush) => void
let opens: number
let joins: number
let closes: number
let monitor: Monitor
const inCall = (mode: Mode, request = 'r1'): void => {
  const call: SupervisorView['call'] = { request, mode, connectedAt: 5, held: false, parties: [] }
  hear({ type: 'view', now: 0, view: { participant: 'sup', call } })
}
const gone = (): void => hear({ type: 'view', now: 0, view: { participant: 'sup', call: null } })

beforeEach(() => {
  asked = []
  opens = joins = closes = 0
  monitor = makeMonitor({
    link: (heard): Link<SupervisorMessage> => {
      hear = heard
      return {
        state: signal('open'), endedBy: signal(null), connection: signal(1), roundTripMs: signal(null), tell: () => {}, reopen: () => {}, close: () => {},
        ask: async (message) => { asked.push(message); return {} },
      }
    },
    chosen: signal({}), release: () => {},
    open: async () => { opens++; return { tracks: { microphone: track('m'), camera: track('c') }, trouble: {} } },
    load: async () => () => ({ join: () => { joins++ }, push: () => {}, setOn: async () => {}, replace: async () => {}, close: () => { closes++ } }),
  })
})

test('listening joins the call without camera and microphone', async () => {
  await monitor.join('r1', 'listen')
  expect(asked).toEqual([{ type: 'monitor', request: 'r1', mode: 'listen' }])
  inCall('listen')
  await vi.waitFor(() => expect(joins).toBe(1))
  expect([opens, monitor.call.sending.value]).toEqual([0, false])
})

test('from listening to whispering the devices open, and close on the way back, in the same call', async () => {
  inCall('listen')
  await vi.waitFor(() => expect(joins).toBe(1))
  inCall('whisper')
  await vi.waitFor(() => expect(monitor.call.tracks.value.camera).not.toBeNull())
  inCall('barge')
  inCall('listen')
  expect([monitor.call.tracks.value.camera, opens, closes]).toEqual([null, 1, 0])
})

test('a call joined to be heard opens the devices once', async () => {
  inCall('barge')
  inCall('barge')
  await vi.waitFor(() => expect(joins).toBe(1))
  expect(opens).toBe(1)
})

test('another call is another room; leaving lets go of everything', async () => {
  inCall('barge')
  await vi.waitFor(() => expect(joins).toBe(1))
  inCall('listen', 'r2')
  expect([closes, monitor.call.tracks.value.camera]).toEqual([1, null])
  await vi.waitFor(() => expect(joins).toBe(2))
  gone()
  expect([closes, monitor.call.state.value]).toEqual([2, null])
  await monitor.leave()
  expect(asked).toEqual([{ type: 'leave' }])
})
