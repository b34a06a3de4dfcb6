// What is read from the browser's reports: rates since the last look, and a connection that falls silent.
import { describe, expect, test } from 'vitest'
import { arrived, more, Rates, Silence, type Stat } from './statistics.ts'

const stat = (id: string, type: string, more: Partial<Stat> = {}): Stat => ({ id, type, timestamp: 0, kind: 'video', ...more })
const path = (id: string, bytesReceived: number, responsesReceived = 0): Stat => stat(id, 'candidate-pair', { bytesReceived, responsesReceived })

test('rates are those since the last look; what the probator brings is nobody’s', () => {
  const rates = new Rates()
  const at = (timestamp: number, packets: number, lost: number) => rates.read(
    [stat('o', 'outbound-rtp', { timestamp, bytesSent: packets * 100, packetsSent: packets, framesEncoded: packets / 10 }), stat('r', 'remote-inbound-rtp', { localId: 'o', packetsLost: lost, jitter: 0.02 })],
    [stat('i', 'inbound-rtp', { timestamp, bytesReceived: packets * 100, packetsReceived: packets, packetsLost: lost, frameWidth: 640, frameHeight: 360 }), stat('p', 'inbound-rtp', { mid: 'probator' }),
      stat('c', 'candidate-pair', { nominated: true, state: 'succeeded', localCandidateId: 'l', currentRoundTripTime: 0.05 }), stat('l', 'local-candidate', { protocol: 'tcp' })])
  at(1_000, 100, 0)
  const { sent, received, rttMs, protocol } = at(3_000, 300, 50)
  expect([rttMs, protocol, received.length]).toEqual([50, 'tcp', 1])
  expect(sent[0]).toMatchObject({ kbitPerS: 80, packets: 300, lossShare: 0.25, jitterMs: 20, framesPerS: 10 })
  expect(received[0]).toMatchObject({ kbitPerS: 80, lossShare: 0.2, width: 640, height: 360 })
})

test('something arrived: bytes on any path, also a new one; answers where they count', () => {
  const before = arrived([path('a', 10, 1), stat('x', 'transport')])
  expect(more(before, arrived([path('a', 10, 1)]), true)).toBe(false)
  expect(more(before, arrived([path('a', 11, 1)]), false)).toBe(true)
  expect(more(before, arrived([path('a', 10, 2)]), false)).toBe(false)
  expect(more(before, arrived([path('a', 10, 2)]), true)).toBe(true)
  expect(more(before, arrived([path('b', 1)]), false)).toBe(true)
  expect(more(before, arrived([]), true)).toBe(false)
})

describe('silence', () => {
  const looks = (...looks: [bytes: number, expected: boolean][]) => {
    const silence = new Silence()
    return looks.map(([bytes, expected]) => silence.look(arrived([path('a', bytes)]), expected))
  }
  test('is told at the second look without a byte, once', () =>
    expect(looks([1, true], [2, true], [2, true], [2, true], [2, true], [2, true])).toEqual([false, false, false, true, false, false]))
  test('is told again after something came', () =>
    expect(looks([1, true], [1, true], [1, true], [2, true], [2, true], [2, true])).toEqual([false, false, true, false, false, true]))
  test('is none before anything came', () => expect(looks([0, true], [0, true], [0, true])).toEqual([false, false, false]))
  test('is none while nothing is due', () => expect(looks([1, true], [1, false], [1, false], [1, true], [1, true])).toEqual([false, false, false, false, false]))
})
