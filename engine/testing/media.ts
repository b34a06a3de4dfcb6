// For the tests of media rooms: options for real workers on free ports, and what a real Chromium sends.
import { workerPath } from '../media-worker.mjs'
import type { RoomsOptions } from '../media/options.ts'

/** The media worker's program, or null with the reason printed: then the tests that need it are skipped. */
export function testWorker(): string | null {
  try {
    return workerPath()
  } catch (error) {
    console.warn(`Skipped: ${(error as Error).message}`)
    return null
  }
}

/** Rooms on one worker at 127.0.0.1, free ports; what is told collects in the arrays. */
export function testOptions(workerBin: string, more: Partial<RoomsOptions> = {}) {
  const flowing: string[] = []
  const failed: string[] = []
  const logged: string[] = []
  const options: RoomsOptions = {
    workerBin, workers: 1, port: 0, listen: [{ listenIp: '127.0.0.1', announced: [] }], udp: true, tcp: true, iceServers: [],
    onFlowing: (request) => flowing.push(request),
    onFailed: (request, reason) => failed.push(`${request} ${reason}`),
    log: (level, message) => logged.push(`${level} ${message}`),
    ...more,
  }
  return { options, flowing, failed, logged }
}

/** As Chromium's mediasoup-client sends them, cut down to what differs. */
export const chromium = {
  dtlsParameters: { role: 'client', fingerprints: [{ algorithm: 'sha-256', value: Array.from({ length: 32 }, (_, i) => (i * 7).toString(16).padStart(2, '0').slice(-2).toUpperCase()).join(':') }] },
  audio: {
    mid: '0', msid: 'f3b1 9d5c',
    codecs: [{ mimeType: 'audio/opus', payloadType: 111, clockRate: 48_000, channels: 2, parameters: { minptime: 10, useinbandfec: 1, usedtx: 0 }, rtcpFeedback: [{ type: 'transport-cc', parameter: '' }, { type: 'nack', parameter: '' }] }],
    headerExtensions: [
      { uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', id: 4, encrypt: false, parameters: {} },
      { uri: 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01', id: 3, encrypt: false, parameters: {} },
    ],
    encodings: [{ ssrc: 2_815_236_511, dtx: false }],
    rtcp: { cname: 'yVp7mV/x1pMZ0A==', reducedSize: true },
  },
  video: {
    mid: '1', msid: 'f3b1 77aa',
    codecs: [
      { mimeType: 'video/VP8', payloadType: 96, clockRate: 90_000, parameters: {}, rtcpFeedback: [{ type: 'goog-remb', parameter: '' }, { type: 'transport-cc', parameter: '' }, { type: 'ccm', parameter: 'fir' }, { type: 'nack', parameter: '' }, { type: 'nack', parameter: 'pli' }] },
      { mimeType: 'video/rtx', payloadType: 97, clockRate: 90_000, parameters: { apt: 96 }, rtcpFeedback: [] },
    ],
    headerExtensions: [
      { uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', id: 4, encrypt: false, parameters: {} },
      { uri: 'urn:3gpp:video-orientation', id: 13, encrypt: false, parameters: {} },
      { uri: 'urn:ietf:params:rtp-hdrext:toffset', id: 14, encrypt: false, parameters: {} },
    ],
    encodings: [{ active: true, scalabilityMode: 'L1T1', ssrc: 906_421_513, rtx: { ssrc: 3_214_096_171 }, dtx: false }],
    rtcp: { cname: 'yVp7mV/x1pMZ0A==', reducedSize: true },
  },
  rtpCapabilities: {
    codecs: [
      { mimeType: 'audio/opus', kind: 'audio', preferredPayloadType: 100, clockRate: 48_000, channels: 2, parameters: { minptime: 10, useinbandfec: 1 }, rtcpFeedback: [{ type: 'transport-cc', parameter: '' }, { type: 'nack', parameter: '' }] },
      { mimeType: 'video/VP8', kind: 'video', preferredPayloadType: 101, clockRate: 90_000, parameters: {}, rtcpFeedback: [{ type: 'nack', parameter: 'pli' }] },
      { mimeType: 'video/rtx', kind: 'video', preferredPayloadType: 102, clockRate: 90_000, parameters: { apt: 101 }, rtcpFeedback: [] },
      { mimeType: 'video/AV1', kind: 'video', preferredPayloadType: 45, clockRate: 90_000, parameters: { 'level-idx': 5 }, rtcpFeedback: [] },
    ],
    headerExtensions: [
      { uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', kind: 'video', preferredId: 1, preferredEncrypt: false, direction: 'sendrecv' },
      { uri: 'urn:3gpp:video-orientation', kind: 'video', preferredId: 8, preferredEncrypt: false, direction: 'sendrecv' },
    ],
  },
}
