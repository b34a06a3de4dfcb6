// A guest's way from the link into the call and out again, against a link that the test plays.
import { signal, type Signal } from '@preact/signals'
import { beforeEach, expect, test, vi } from 'vitest'
import type { GuestPush, GuestView } from '#wire/messages.ts'
import type { Opened } from '../call/devices.ts'
import { Refused } from '../shell/refused.ts'
import { makeGuest, NAME_MOST, type Guest } from './model.ts'

const track = (id: string) => ({ id, stop: vi.fn() }) as unknown as MediaStreamTrack
let asked: object[]
let no: Refused | null
let joins: number
let closes: number
let opened: Opened
let heard: (push: GuestPush) => void
let endedBy: Signal<string | null>
let guest: Guest
const say = (phase: GuestView['phase']) => heard({ type: 'view', now: 0, view: { phase, request: 'r', participant: 'g', held: false, parties: [] } })

beforeEach(() => {
  asked = []
  no = null
  joins = closes = 0
  opened = { tracks: { microphone: track('m'), camera: track('c') }, trouble: {} }
  endedBy = signal<string | null>(null)
  guest = makeGuest({
    link: (hear) => {
      heard = hear
      return {
        state: signal('open'), endedBy, connection: signal(1), roundTripMs: signal(null), reopen: () => {}, close: () => {}, tell: () => {},
        ask: async (message) => { asked.push(message); if (no) throw no; return {} },
      }
    },
    open: async () => opened, release: () => {},
    load: async () => () => ({ join: () => { joins++ }, push: () => {}, setOn: async () => {}, replace: async () => {}, close: () => { closes++ } }),
  })
})

test('nobody knocks without a name and consent; what is missing is told after the try', async () => {
  say('invited')
  expect(guest.faults.value).toEqual({ name: false, consent: false })
  await guest.knock()
  expect([guest.faults.value, asked]).toEqual([{ name: true, consent: true }, []])
  guest.name.value = '  '
  guest.agree(true)
  await guest.knock()
  expect([guest.faults.value, asked]).toEqual([{ name: true, consent: false }, []])
})

test('a knock, the call, and out of it', async () => {
  expect(guest.screen.value).toBe('opening')
  say('invited')
  guest.name.value = ' 王女士 '
  guest.agree(true)
  await guest.knock()
  expect(asked).toEqual([{ type: 'knock', name: '王女士', consent: true }])
  say('knocking')
  expect([guest.screen.value, joins]).toEqual(['knocking', 0])
  say('in')
  await vi.waitFor(() => expect(joins).toBe(1))
  await guest.leave()
  expect(asked.at(-1)).toEqual({ type: 'leave' })
  say('gone')
  expect([guest.screen.value, closes, guest.call.tracks.value.camera]).toEqual(['gone', 1, null])
})

test('a long name is cut to what the engine takes', async () => {
  guest.name.value = 'x'.repeat(100)
  guest.agree(true)
  await guest.knock()
  expect(asked).toEqual([{ type: 'knock', name: 'x'.repeat(NAME_MOST), consent: true }])
})

test('with neither camera nor microphone nobody knocks', async () => {
  opened = { tracks: { microphone: null, camera: null }, trouble: { camera: 'refused', microphone: 'refused' } }
  guest.name.value = 'x'
  guest.agree(true)
  await guest.knock()
  expect([asked, guest.knocking.value]).toEqual([[], false])
})

test('a refused knock can be tried again', async () => {
  no = new Refused('too_fast', { zh: '', en: '' })
  guest.name.value = 'x'
  guest.agree(true)
  await expect(guest.knock()).rejects.toMatchObject({ code: 'too_fast' })
  expect(guest.knocking.value).toBe(false)
})

test.each([
  ['bad_token', null, 'unavailable'], ['bad_token', 'in', 'gone'], ['replaced', 'in', 'replaced'], ['bad_token', 'gone', 'gone'],
] as const)('sent away with %s while %s: the page shows %s', (code, phase, screen) => {
  if (phase) say(phase)
  endedBy.value = code
  expect(guest.screen.value).toBe(screen)
})
