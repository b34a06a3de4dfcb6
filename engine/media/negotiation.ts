// What a page may ask of the SFU, field by field: rebuilds each client-supplied structure from known-good parts, so that
// nothing a client invents reaches a worker or the other party's browser. Pure: no mediasoup at run time.
import type { types } from 'mediasoup'
import { MediaError } from '#wire/media.ts'

/** The codecs of every room, in order of preference: VP8 is cheapest to encode in every browser, H264 is what older iPhones do in hardware. */
export const ROUTER_CODECS: types.RouterRtpCodecCapability[] = [
  { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 },
  { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 },
  {
    kind: 'video', mimeType: 'video/H264', clockRate: 90_000,
    // Constrained baseline, level 3.1: the one profile every browser has.
    parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f', 'level-asymmetry-allowed': 1 },
  },
]

interface CodecRule { mimeType: string; kind: types.MediaKind; clockRate: number; channels?: number; parameters: ReadonlySet<string> }
const CODECS = new Map<string, CodecRule>([
  ['audio/opus', { mimeType: 'audio/opus', kind: 'audio', clockRate: 48_000, channels: 2, parameters: new Set(['minptime', 'maxptime', 'ptime', 'useinbandfec', 'usedtx', 'stereo', 'sprop-stereo', 'cbr', 'maxplaybackrate', 'maxaveragebitrate']) }],
  ['video/vp8', { mimeType: 'video/VP8', kind: 'video', clockRate: 90_000, parameters: new Set() }],
  ['video/h264', { mimeType: 'video/H264', kind: 'video', clockRate: 90_000, parameters: new Set(['packetization-mode', 'level-asymmetry-allowed', 'profile-level-id']) }],
  ['video/rtx', { mimeType: 'video/rtx', kind: 'video', clockRate: 90_000, parameters: new Set(['apt']) }],
])

const FEEDBACK = new Set(['nack', 'nack pli', 'ccm fir', 'goog-remb', 'transport-cc'])

/**
 * Header extensions that are let through. Left out on purpose: video-orientation (with it browsers send sideways pictures
 * and leave turning them to the receiver, which recorders and players do not do), playout-delay (one party must not set the
 * other's delay), stream ids and layer descriptors (one encoding per track, no simulcast).
 */
const EXTENSIONS: ReadonlySet<string> = new Set([
  'urn:ietf:params:rtp-hdrext:sdes:mid',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'urn:ietf:params:rtp-hdrext:toffset',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time',
])

/** Octets of each hash. SHA-1 and SHA-224 are not accepted: no browser of the last decade needs them. */
const HASH_OCTETS = { 'sha-256': 32, 'sha-384': 48, 'sha-512': 64 } as const

// Bounds: far above what any browser sends, far below what could hurt.
const MAX_FINGERPRINTS = 8
const MAX_CODECS = 64
const MAX_EXTENSIONS = 64
const MAX_FEEDBACK = 32
const MAX_SSRC = 0xffff_ffff
const MAX_PAYLOAD_TYPE = 127

/** The room's capabilities as told to pages: without the header extensions that are not let through. */
export function offeredCapabilities(router: types.RtpCapabilities): types.RtpCapabilities {
  return { ...router, headerExtensions: (router.headerExtensions ?? []).filter((extension) => EXTENSIONS.has(extension.uri)) }
}

/** The client's half of the DTLS handshake. Throws MediaError `bad_media`. */
export function readDtlsParameters(value: unknown): types.DtlsParameters {
  const { role, fingerprints } = object(value, 'dtlsParameters')
  const read = list(fingerprints, 'dtlsParameters.fingerprints', MAX_FINGERPRINTS).map((entry) => {
    const { algorithm, value: hash } = object(entry, 'dtlsParameters.fingerprints')
    const known = oneOf(algorithm, 'fingerprint.algorithm', ['sha-256', 'sha-384', 'sha-512'])
    if (typeof hash !== 'string' || hash.length !== HASH_OCTETS[known] * 3 - 1 || !/^[0-9a-f]{2}(:[0-9a-f]{2})*$/i.test(hash)) bad('fingerprint.value')
    // The worker compares it with its own, which is in capitals.
    return { algorithm: known, value: hash.toUpperCase() }
  })
  if (read.length === 0) bad('dtlsParameters.fingerprints')
  return { role: oneOf(role ?? 'auto', 'dtlsParameters.role', ['auto', 'client', 'server']), fingerprints: read }
}

/** What a page wants to send: one track in one encoding. Throws MediaError `bad_media`. */
export function readProducerParameters(value: unknown, kind: types.MediaKind): types.RtpParameters {
  const { mid, codecs, headerExtensions, encodings, rtcp, msid } = object(value, 'rtpParameters')
  const readCodecs = list(codecs, 'codecs', 2).map((entry) => {
    const codec = object(entry, 'codec')
    const rule = codecRule(codec, kind) ?? bad('codec.mimeType')
    return { ...codecCommon(codec, rule), payloadType: integer(codec.payloadType, 'codec.payloadType', 0, MAX_PAYLOAD_TYPE) }
  })
  const [main, repair] = readCodecs
  if (!main || main.mimeType === 'video/rtx') return bad('codecs')
  if (repair && (repair.mimeType !== 'video/rtx' || repair.parameters.apt !== main.payloadType || repair.payloadType === main.payloadType)) bad('codecs')

  const extensions = list(headerExtensions ?? [], 'headerExtensions', MAX_EXTENSIONS).map((entry) => object(entry, 'headerExtension'))
    .filter(({ uri }) => typeof uri === 'string' && EXTENSIONS.has(uri))
    .map(({ uri, id }) => ({ uri: uri as types.RtpHeaderExtensionUri, id: integer(id, 'headerExtension.id', 1, 255), encrypt: false, parameters: {} }))
  unique(extensions.map(({ id }) => id), 'headerExtension.id')
  unique(extensions.map(({ uri }) => uri), 'headerExtension.uri')

  const [encoding, ...more] = list(encodings, 'encodings', 1).map((entry) => object(entry, 'encoding'))
  if (!encoding || more.length > 0 || encoding.rid !== undefined) return bad('encodings')
  const ssrc = integer(encoding.ssrc, 'encoding.ssrc', 1, MAX_SSRC)
  const rtx = encoding.rtx === undefined ? undefined : { ssrc: integer(object(encoding.rtx, 'encoding.rtx').ssrc, 'encoding.rtx.ssrc', 1, MAX_SSRC) }
  if ((rtx !== undefined) !== (repair !== undefined) || rtx?.ssrc === ssrc) bad('encoding.rtx')

  const { cname } = object(rtcp ?? {}, 'rtcp')
  return {
    ...(mid === undefined ? {} : { mid: text(mid, 'mid', 8) }),
    codecs: readCodecs,
    headerExtensions: extensions,
    encodings: [{ ssrc, ...(rtx ? { rtx } : {}), dtx: encoding.dtx === true }],
    rtcp: { ...(cname === undefined ? {} : { cname: text(cname, 'rtcp.cname', 255) }), reducedSize: true },
    ...(msid === undefined ? {} : { msid: text(msid, 'msid', 255) }),
  }
}

/** What a page can receive; codecs and extensions that no room uses are dropped. Throws MediaError `bad_media`. */
export function readCapabilities(value: unknown): types.RtpCapabilities {
  const { codecs, headerExtensions } = object(value, 'rtpCapabilities')
  const readCodecs = list(codecs, 'codecs', MAX_CODECS).map((entry) => object(entry, 'codec')).flatMap((codec) => {
    const rule = codecRule(codec)
    return rule ? [{ kind: rule.kind, ...codecCommon(codec, rule), preferredPayloadType: integer(codec.preferredPayloadType, 'codec.preferredPayloadType', 0, MAX_PAYLOAD_TYPE) }] : []
  })
  if (!readCodecs.some(({ mimeType }) => mimeType !== 'video/rtx')) bad('codecs')
  unique(readCodecs.map(({ preferredPayloadType }) => preferredPayloadType), 'codec.preferredPayloadType')
  const extensions = list(headerExtensions ?? [], 'headerExtensions', MAX_EXTENSIONS).map((entry) => object(entry, 'headerExtension'))
    .filter(({ uri }) => typeof uri === 'string' && EXTENSIONS.has(uri))
    .map(({ uri, kind, preferredId, direction }) => ({
      kind: oneOf(kind, 'headerExtension.kind', ['audio', 'video']),
      uri: uri as types.RtpHeaderExtensionUri,
      preferredId: integer(preferredId, 'headerExtension.preferredId', 1, 255),
      preferredEncrypt: false,
      direction: oneOf(direction ?? 'sendrecv', 'headerExtension.direction', ['sendrecv', 'sendonly', 'recvonly', 'inactive']),
    }))
  unique(extensions.map(({ kind, uri }) => `${kind} ${uri}`), 'headerExtension.uri')
  return { codecs: readCodecs, headerExtensions: extensions }
}

function codecRule({ mimeType }: Fields, kind?: types.MediaKind): CodecRule | undefined {
  const rule = typeof mimeType === 'string' && mimeType.length <= 32 ? CODECS.get(mimeType.toLowerCase()) : undefined
  return kind === undefined || rule?.kind === kind ? rule : undefined
}

function codecCommon(codec: Fields, rule: CodecRule): { mimeType: types.RtpCodecParameters['mimeType']; clockRate: number; channels?: number; parameters: Record<string, number | string>; rtcpFeedback: types.RtcpFeedback[] } {
  if (codec.clockRate !== rule.clockRate) bad('codec.clockRate')
  if (rule.channels !== undefined && codec.channels !== rule.channels) bad('codec.channels')
  const given = object(codec.parameters ?? {}, 'codec.parameters')
  const parameters: Record<string, number | string> = {}
  for (const name of rule.parameters) {
    if (!Object.hasOwn(given, name)) continue
    parameters[name] = name === 'profile-level-id' ? profile(given[name]) : integer(given[name], `codec.parameters.${name}`, 0, 1_000_000)
  }
  if (rule.mimeType === 'video/rtx' && parameters.apt === undefined) bad('codec.parameters.apt')
  const rtcpFeedback = list(codec.rtcpFeedback ?? [], 'codec.rtcpFeedback', MAX_FEEDBACK).map((entry) => object(entry, 'codec.rtcpFeedback'))
    .flatMap(({ type, parameter }) => {
      const name = typeof type === 'string' ? (typeof parameter === 'string' && parameter !== '' ? `${type} ${parameter}` : type) : bad('codec.rtcpFeedback')
      return FEEDBACK.has(name) ? [{ type: type as string, parameter: typeof parameter === 'string' ? parameter : '' }] : []
    })
  return { mimeType: rule.mimeType, clockRate: rule.clockRate, ...(rule.channels ? { channels: rule.channels } : {}), parameters, rtcpFeedback }
}

type Fields = Record<string, unknown>

function bad(what: string): never {
  throw new MediaError('bad_media', `Not valid: ${what}`)
}

function object(value: unknown, what: string): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Fields : bad(what)
}

function list(value: unknown, what: string, max: number): unknown[] {
  return Array.isArray(value) && value.length <= max ? Array.from(value) : bad(what)
}

function oneOf<const T extends string>(value: unknown, what: string, choices: readonly T[]): T {
  return choices.find((choice) => choice === value) ?? bad(what)
}

function integer(value: unknown, what: string, min: number, max: number): number {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max ? value : bad(what)
}

/** Printable ASCII without line ends: these texts are written into the other party's session description. */
function text(value: unknown, what: string, maxLength: number): string {
  return typeof value === 'string' && value.length >= 1 && value.length <= maxLength && /^[\x20-\x7e]+$/.test(value) ? value : bad(what)
}

function profile(value: unknown): string {
  return typeof value === 'string' && /^[0-9a-f]{6}$/i.test(value) ? value : bad('codec.parameters.profile-level-id')
}

function unique(values: unknown[], what: string): void {
  if (new Set(values).size !== values.length) bad(what)
}
