// Whatever a client sends: it is either rebuilt from known-good parts within bounds, or refused as bad_media; nothing else.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MediaError } from '#wire/media.ts'
import { offeredCapabilities, readCapabilities, readDtlsParameters, readProducerParameters } from './negotiation.ts'
import { chromium } from '../testing/media.ts'

type Reader = (value: unknown) => unknown
const readers: [string, Reader, object][] = [
  ['dtlsParameters', readDtlsParameters, chromium.dtlsParameters],
  ['audio', (value) => readProducerParameters(value, 'audio'), chromium.audio],
  ['video', (value) => readProducerParameters(value, 'video'), chromium.video],
  ['rtpCapabilities', readCapabilities, chromium.rtpCapabilities],
]
/** The largest a rebuilt structure can be; the readers' own bounds add up to far less. */
const MAX_BYTES = 16_384

/** The result of a reader, or null where it refused as it may. */
function attempt(read: Reader, value: unknown): unknown {
  try {
    return read(value)
  } catch (error) {
    if (!(error instanceof MediaError) || error.code !== 'bad_media') throw error
    return null
  }
}

/** Every path to a value inside a structure. */
function paths(value: unknown, at: (string | number)[] = []): (string | number)[][] {
  return typeof value === 'object' && value !== null ? [at, ...Object.entries(value).flatMap(([key, inner]) => paths(inner, [...at, key]))] : [at]
}

function replaced(value: unknown, path: (string | number)[], by: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return by
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) }
  ;(copy as Record<string | number, unknown>)[key] = replaced((value as Record<string | number, unknown>)[key], rest, by)
  return copy
}

describe('what a browser sends is let through', () => {
  test('DTLS parameters as they are, fingerprints in capitals', () => {
    const { algorithm, value } = chromium.dtlsParameters.fingerprints[0]!
    expect(readDtlsParameters(chromium.dtlsParameters)).toEqual(chromium.dtlsParameters)
    expect(readDtlsParameters({ fingerprints: [{ algorithm, value: value.toLowerCase() }] })).toEqual({ ...chromium.dtlsParameters, role: 'auto' })
  })

  test('a sound track unchanged, its DTX set to what it says', () => {
    expect(readProducerParameters(chromium.audio, 'audio')).toEqual(chromium.audio)
  })

  test('a picture without video-orientation and without fields no room uses', () => {
    const { headerExtensions, ...rest } = readProducerParameters(chromium.video, 'video')
    expect(headerExtensions?.map(({ uri }) => uri)).toEqual(['urn:ietf:params:rtp-hdrext:sdes:mid', 'urn:ietf:params:rtp-hdrext:toffset'])
    expect(rest.encodings).toEqual([{ ssrc: 906_421_513, rtx: { ssrc: 3_214_096_171 }, dtx: false }])
  })

  test('capabilities without codecs and extensions no room uses', () => {
    const { codecs, headerExtensions } = readCapabilities(chromium.rtpCapabilities)
    expect(codecs?.map(({ mimeType }) => mimeType)).toEqual(['audio/opus', 'video/VP8', 'video/rtx'])
    expect(headerExtensions?.map(({ uri }) => uri)).toEqual(['urn:ietf:params:rtp-hdrext:sdes:mid'])
    const offered = offeredCapabilities({ codecs: [], headerExtensions: [{ uri: 'urn:3gpp:video-orientation', kind: 'video', preferredId: 8 }] })
    expect(offered.headerExtensions).toEqual([])
  })
})

describe('what no browser sends is refused', () => {
  const hash = chromium.dtlsParameters.fingerprints[0]!.value
  const fingerprint = (entry: object) => ({ role: 'client', fingerprints: [entry] })
  const video = (path: (string | number)[], by: unknown) => replaced(chromium.video, path, by)
  test.each<[string, Reader, unknown]>([
    ['no fingerprint', readDtlsParameters, { role: 'client', fingerprints: [] }],
    ['an unknown role', readDtlsParameters, { ...chromium.dtlsParameters, role: 'both' }],
    ['an unknown hash', readDtlsParameters, fingerprint({ algorithm: 'md5', value: hash })],
    ['a name every object has', readDtlsParameters, fingerprint({ algorithm: 'toString', value: hash })],
    ['a hash that is too short', readDtlsParameters, fingerprint({ algorithm: 'sha-256', value: hash.slice(3) })],
    ['a hash that is no hexadecimal', readDtlsParameters, fingerprint({ algorithm: 'sha-256', value: `zz${hash.slice(2)}` })],
    ['a hash that is a list', readDtlsParameters, fingerprint({ algorithm: 'sha-256', value: [hash] })],
    ['nine fingerprints', readDtlsParameters, { role: 'client', fingerprints: Array(9).fill(chromium.dtlsParameters.fingerprints[0]) }],
    ['sound sent as picture', (value) => readProducerParameters(value, 'video'), chromium.audio],
    ['a payload type beyond 7 bits', (value) => readProducerParameters(value, 'video'), video(['codecs', 0, 'payloadType'], 128)],
    ['a fractional SSRC', (value) => readProducerParameters(value, 'video'), video(['encodings', 0, 'ssrc'], 1.5)],
    ['an SSRC beyond 32 bits', (value) => readProducerParameters(value, 'video'), video(['encodings', 0, 'ssrc'], 2 ** 32)],
    ['an extension id 0', (value) => readProducerParameters(value, 'video'), video(['headerExtensions', 0, 'id'], 0)],
    ['one extension id twice', (value) => readProducerParameters(value, 'video'), video(['headerExtensions', 2, 'id'], 4)],
    ['retransmission for another codec', (value) => readProducerParameters(value, 'video'), video(['codecs', 1, 'parameters', 'apt'], 100)],
    ['two encodings', (value) => readProducerParameters(value, 'video'), video(['encodings'], [...chromium.video.encodings, { ssrc: 5 }])],
    ['simulcast', (value) => readProducerParameters(value, 'video'), video(['encodings', 0, 'rid'], 'hi')],
    ['a line end on its way into the other party’s session description', (value) => readProducerParameters(value, 'video'), video(['rtcp', 'cname'], 'x\r\na=candidate:1')],
    ['nothing to play', readCapabilities, { codecs: [{ mimeType: 'video/AV1', kind: 'video', clockRate: 90_000 }], headerExtensions: [] }],
    ['a list without end', readCapabilities, { codecs: Array(65).fill(chromium.rtpCapabilities.codecs[0]) }],
  ])('%s', (_name, read, value) => {
    expect(attempt(read, value)).toBeNull()
  })
})

describe.each(readers)('%s of any shape', (_name, read, good) => {
  test('junk is refused or rebuilt within bounds', () => {
    fc.assert(fc.property(fc.oneof(fc.jsonValue({ maxDepth: 6 }), fc.anything({ maxDepth: 4 })), (junk) => {
      expect(JSON.stringify(attempt(read, junk)).length).toBeLessThan(MAX_BYTES)
    }), { numRuns: 2_000 })
  })

  test('a good structure with a few values replaced is refused or rebuilt within bounds; rebuilding it again changes nothing', () => {
    const places = paths(good)
    const huge = fc.constantFrom('x'.repeat(60_000), Array(5_000).fill(7), Array(60).fill((good as { codecs?: unknown[] }).codecs?.[0]), 1e308, -1, 0.5, '__proto__', '\r\n', null)
    fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom(...places), fc.oneof(huge, fc.jsonValue({ maxDepth: 3 }))), { maxLength: 4 }), (changes) => {
      const changed = changes.reduce<unknown>((value, [path, by]) => {
        try { return replaced(value, path, by) } catch { return value }
      }, good)
      const read1 = attempt(read, changed)
      expect(JSON.stringify(read1).length).toBeLessThan(MAX_BYTES)
      if (read1 !== null) expect(read(structuredClone(read1))).toEqual(read1)
    }), { numRuns: 3_000 })
  })

  test('fields nobody asked for do not come through', () => {
    fc.assert(fc.property(fc.constantFrom(...paths(good)), fc.string({ minLength: 20, maxLength: 40 }), (path, name) => {
      const inside = path.reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], good)
      if (typeof inside !== 'object' || Array.isArray(inside)) return
      expect(attempt(read, replaced(good, path, { ...inside, [name]: 'poison' }))).toEqual(read(good))
    }))
  })
})
