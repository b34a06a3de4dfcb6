// A call's media on the page: devices, joining, leaving, and what happens when these overlap.
import { signal } from '@preact/signals'
import { beforeEach, expect, test, vi, type Mock } from 'vitest'
import type { CallRole } from '#wire/media.ts'
import type { CallMediaOptions, LocalTracks, RemoteTrack } from '../media.ts'
import { makeCall, type Call, type MediaPort } from './call.ts'
import type { Opened } from './devices.ts'

const track = (kind: string) => ({ kind, id: `${kind}-${Math.random()}`, enabled: true, stop: vi.fn() }) as unknown as MediaStreamTrack
const both = (): Opened => ({ tracks: { microphone: track('audio'), camera: track('video') }, trouble: {} })

let connection = signal(1)
let opened: Opened
let answerOpen: (() => void) | null
let media: { [K in keyof MediaPort]: Mock<MediaPort[K]> } | null
let options: CallMediaOptions | null
let released: LocalTracks[]
let loads: number
let failLoads: number
let call: Call

beforeEach(() => {
  connection = signal(1)
  opened = both()
  answerOpen = null
  media = options = null
  released = []
  loads = failLoads = 0
  call = makeCall({
    ask: async () => ({}), connection,
    open: () => answerOpen === null ? Promise.resolve(opened) : new Promise((done) => { answerOpen = () => done(opened) }),
    release: (tracks) => { if (tracks) released.push(tracks) },
    load: async () => {
      loads++
      if (loads <= failLoads) throw new Error('no network')
      return (given) => {
        options = given
        return media = { join: vi.fn(), push: vi.fn(), setOn: vi.fn(async () => {}), replace: vi.fn(async () => {}), close: vi.fn() }
      }
    },
  })
})

const remote = (source: 'camera' | 'microphone', participant = 'a', role: CallRole = 'agent'): RemoteTrack =>
  ({ consumer: `${participant}/${source}`, participant, role, source, paused: false, track: track(source) })

test('joining opens the devices, loads the client once, and joins the room', async () => {
  await Promise.all([call.join(), call.join()])
  expect(loads).toBe(1)
  expect(options?.tracks).toBe(opened.tracks)
  expect(media?.join).toHaveBeenCalledTimes(1)
})

test('a new connection of the link joins afresh', async () => {
  await call.join()
  connection.value = 2
  expect(media?.join).toHaveBeenCalledTimes(2)
  call.leave()
  connection.value = 3
  expect(media?.join).toHaveBeenCalledTimes(2)
})

test('the others’ tracks come, pause and go; each party is one, in the order in which they came', async () => {
  await call.join()
  const seen = () => call.parties.value.map(({ participant, role, video, audio }) => `${participant} ${role}${video ? ` video${video.paused ? ' paused' : ''}` : ''}${audio ? ' audio' : ''}`)
  options?.onTrack(remote('camera', 'v', 'visitor'))
  options?.onTrack(remote('microphone', 'g', 'guest'))
  options?.onTrack(remote('microphone', 'v', 'visitor'))
  options?.onPaused('v/camera', true)
  expect(seen()).toEqual(['v visitor video paused audio', 'g guest audio'])
  options?.onGone('v/camera')
  options?.onGone('g/microphone')
  expect(seen()).toEqual(['v visitor audio'])
})

test('on hold the callers are set aside: for a visitor all of it, for the others each caller', async () => {
  await call.join()
  options?.onTrack(remote('camera', 'v', 'visitor'))
  options?.onTrack(remote('camera', 'b', 'barger'))
  options?.onRole('agent')
  options?.onHeld(true)
  expect([call.onHold.value, call.parties.value.map(({ held }) => held)]).toEqual([false, [true, false]])
  options?.onRole('visitor')
  expect(call.onHold.value).toBe(true)
  options?.onHeld(false)
  expect([call.onHold.value, call.parties.value.map(({ held }) => held)]).toEqual([false, [false, false]])
})

test('who listens opens no device, speaks when asked to, and lets go of the devices again', async () => {
  await call.join({}, true)
  expect([options?.tracks, call.sending.value]).toEqual([{ microphone: null, camera: null }, false])
  await call.speak(true)
  expect(call.tracks.value).toBe(opened.tracks)
  expect(media?.replace.mock.calls).toEqual([['microphone', opened.tracks.microphone], ['camera', opened.tracks.camera]])
  await call.speak(false)
  expect(released).toContain(opened.tracks)
  expect(media?.replace.mock.calls.slice(2)).toEqual([['microphone', null], ['camera', null]])
  call.leave()
  expect(call.sending.value).toBe(true)
})

test('leaving closes everything and lets go of the devices', async () => {
  await call.join()
  const sent = call.tracks.value
  options?.onTrack(remote('camera'))
  call.leave()
  expect(media?.close).toHaveBeenCalled()
  expect(released).toContain(sent)
  expect([call.tracks.value.camera, call.parties.value.length, call.state.value]).toEqual([null, 0, null])
})

test('a call left while the person is still asked for the camera joins nothing and keeps no camera', async () => {
  answerOpen = () => {}
  const joining = call.join()
  call.leave()
  answerOpen()
  await joining
  expect(media).toBeNull()
  await vi.waitFor(() => expect(released).toContain(opened.tracks))
  expect(call.tracks.value.camera).toBeNull()
})

test('mute lasts: it is told to the room that is joined later, and ends with the call', async () => {
  await call.openDevices()
  call.toggle('microphone')
  expect(call.tracks.value.microphone?.enabled).toBe(false)
  await call.join()
  expect(media?.setOn).toHaveBeenCalledWith('microphone', false)
  call.toggle('microphone')
  expect(media?.setOn).toHaveBeenLastCalledWith('microphone', true)
  call.toggle('camera')
  call.leave()
  expect(call.on.camera.value).toBe(true)
})

test('a client that could not be downloaded is tried again as long as the call is on', async () => {
  vi.useFakeTimers()
  failLoads = 2
  const joining = call.join()
  await vi.advanceTimersByTimeAsync(5000)
  await joining
  vi.useRealTimers()
  expect([loads, media?.join.mock.calls.length]).toEqual([3, 1])
})

test('another camera takes the place of the one in use', async () => {
  await call.join()
  const before = call.tracks.value
  opened = both()
  await call.change('camera', 'other')
  expect(before.camera?.stop).toHaveBeenCalled()
  expect(call.tracks.value).toEqual({ microphone: before.microphone, camera: opened.tracks.camera })
  expect(media?.replace).toHaveBeenCalledWith('camera', opened.tracks.camera)
})
