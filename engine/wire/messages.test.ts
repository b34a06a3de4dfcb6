// The border: every message with all it may hold passes, anything more, less or else is refused, and nothing that is sent makes it throw.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MEDIA_REQUESTS } from './media.ts'
import { MAX_FRAME_BYTES, parseAgent, parseGuest, parseSupervisor, parseVisitor, WIRE_ERRORS, type AgentMessage, type GuestMessage, type SupervisorMessage, type VisitorMessage } from './messages.ts'

/** One example of each message, with a change to each of its fields that must be refused. The types see to it that none is missing. */
type Examples<M extends { type: string }> = { [T in M['type']]: [example: Extract<M, { type: T }>, bad: Partial<Record<keyof Extract<M, { type: T }>, unknown[]>>] }
const long = (n: number): string => 'x'.repeat(n)
const id = 'page-1'

const media: Examples<Extract<VisitorMessage, { type: `media.${string}` }>> = {
  'media.capabilities': [{ type: 'media.capabilities', id }, {}],
  'media.open': [{ type: 'media.open', id, direction: 'send' }, { direction: ['both', 1] }],
  'media.connect': [{ type: 'media.connect', id, transport: 't', dtlsParameters: { role: 'client', fingerprints: [] } }, { transport: ['', long(65), 1], dtlsParameters: [null, 'x', 1] }],
  'media.restartIce': [{ type: 'media.restartIce', id, transport: 't' }, { transport: ['', long(65), null] }],
  'media.produce': [
    { type: 'media.produce', id, transport: 't', kind: 'video', source: 'camera', rtpParameters: { codecs: [] } },
    { kind: ['text'], source: ['screen'], transport: [null], rtpParameters: [null, 'x'] },
  ],
  'media.receive': [{ type: 'media.receive', id, transport: 't', rtpCapabilities: {} }, { transport: [''], rtpCapabilities: [0] }],
  'media.resume': [{ type: 'media.resume', id, consumer: 'c' }, { consumer: ['', long(65)] }],
  'media.pause': [{ type: 'media.pause', id, producer: 'p', paused: true }, { producer: [{}], paused: ['true', 1, null] }],
}
const visitor: Examples<VisitorMessage> = {
  hello: [{ type: 'hello', id, token: long(8192) }, { token: [long(8193), null] }],
  call: [{ type: 'call', id, consent: true }, { consent: [false, 'true', 1] }],
  hangup: [{ type: 'hangup', id }, {}],
  closing: [{ type: 'closing', id }, {}],
  callback: [{ type: 'callback', id, dueAt: 0 }, { dueAt: [-1, 1.5, '0', null] }],
  ringing: [{ type: 'ringing', id }, {}],
  answer: [{ type: 'answer', id, consent: true }, { consent: [false, 1] }],
  refuse: [{ type: 'refuse', id }, {}],
  rate: [{ type: 'rate', id, score: 5, comment: long(1000) }, { score: [0, 6, 4.5, '5'], comment: [long(1001), null] }],
  ping: [{ type: 'ping', id }, {}],
  ...media,
}
const guest: Examples<GuestMessage> = {
  hello: [{ type: 'hello', id, token: long(2048) }, { token: [long(2049), null] }],
  knock: [{ type: 'knock', id, name: '王', consent: true }, { name: ['', long(41), null], consent: [false] }],
  leave: [{ type: 'leave', id }, {}],
  ping: [{ type: 'ping', id }, {}],
  ...media,
}
const supervisor: Examples<SupervisorMessage> = {
  hello: [{ type: 'hello', id }, {}],
  monitor: [{ type: 'monitor', id, request: 'r-1', mode: 'whisper' }, { request: [''], mode: ['shout', null] }],
  leave: [{ type: 'leave', id }, {}],
  ping: [{ type: 'ping', id }, {}],
  ...media,
}
const agent: Examples<AgentMessage> = {
  hello: [{ type: 'hello', id }, {}],
  status: [{ type: 'status', id, to: 'invisible', reason: long(64) }, { to: ['asleep', 1], reason: [long(65), null] }],
  device: [{ type: 'device', id, camera: true, microphone: false, speaker: true, network: 'poor' }, { camera: [1], microphone: ['no'], speaker: [null], network: ['great'] }],
  ring: [{ type: 'ring', id, offer: 'r-1/1' }, { offer: ['', long(65), 'a b', 'ö', '<'] }],
  accept: [{ type: 'accept', id, offer: 'r-1/1' }, { offer: [1] }],
  decline: [{ type: 'decline', id, offer: 'r-1/1' }, { offer: [[]] }],
  hangup: [{ type: 'hangup', id, request: 'r-1' }, { request: ['', 'a\nb'] }],
  queueStatus: [{ type: 'queueStatus', id, to: null, reason: '' }, { to: ['asleep', 0], reason: [long(65)] }],
  pick: [{ type: 'pick', id, request: 'r-1' }, { request: [''] }],
  urgent: [{ type: 'urgent', id, request: 'r-1', on: true }, { request: [1], on: [1] }],
  dial: [{ type: 'dial', id, visitor: null, access: 'web' }, { visitor: ['', 1], access: [null] }],
  dialCancel: [{ type: 'dialCancel', id, request: 'o-1' }, { request: [''] }],
  leave: [{ type: 'leave', id, request: 'r-1' }, { request: [''] }],
  hold: [{ type: 'hold', id, request: 'r-1', on: true }, { request: [''], on: ['yes'] }],
  transfer: [{ type: 'transfer', id, request: 'r-1', to: { group: 'gold' }, warm: false }, { request: [''], to: [{}, { agent: 'a', group: 'b' }, 'ben', null], warm: [0] }],
  invite: [{ type: 'invite', id, request: 'r-1', to: { agent: 'ben' } }, { request: [''], to: [{ team: 'x' }, []] }],
  uninvite: [{ type: 'uninvite', id, request: 'r-1', invitation: 'i-1' }, { request: [''], invitation: [''] }],
  guest: [{ type: 'guest', id, request: 'r-1' }, { request: [''] }],
  admit: [{ type: 'admit', id, request: 'r-1', guest: 'g-1' }, { request: [''], guest: [''] }],
  turnAway: [{ type: 'turnAway', id, request: 'r-1', guest: 'g-1' }, { request: [''], guest: [''] }],
  wrapupAsk: [{ type: 'wrapupAsk', id, wanted: true }, { wanted: [null] }],
  wrapupExtend: [{ type: 'wrapupExtend', id, ms: 60_000 }, { ms: [0, 600_001, 1.5] }],
  block: [{ type: 'block', id, request: 'r-1', reason: '' }, { request: [''], reason: [long(65)] }],
  colleagues: [{ type: 'colleagues', id }, {}],
  explain: [{ type: 'explain', id, request: 'r-1' }, { request: [''] }],
  wrapupDone: [{ type: 'wrapupDone', id }, {}],
  summary: [{ type: 'summary', id, request: 'r-1', category: '', resolved: true, note: long(4000) }, { request: [null], category: [long(65)], resolved: ['yes'], note: [long(4001)] }],
  ping: [{ type: 'ping', id }, {}],
  ...media,
}

const sides = [['visitor', visitor, parseVisitor], ['guest', guest, parseGuest], ['agent', agent, parseAgent], ['supervisor', supervisor, parseSupervisor]] as const
const cases = sides.flatMap(([who, examples, parse]) => Object.values(examples).map(([example, bad]) => ({ who, type: example.type, example: example as object, bad: bad as Record<string, unknown[]>, parse })))
const code = (parse: (text: string) => object, message: unknown): string | undefined => {
  const parsed = parse(JSON.stringify(message))
  return 'rejected' in parsed ? (parsed.rejected as { code: string }).code : undefined
}

test.for(cases)('$who $type: passes as it is, and no other way', ({ example, bad, parse }) => {
  expect(parse(JSON.stringify(example))).toEqual({ message: example })
  for (const field of ['extra', '__proto__', 'constructor', 'toString']) expect(parse(JSON.stringify(example).replace('{', `{"${field}":{},`)), field).toMatchObject({ rejected: { re: id, code: 'bad_message' } })
  for (const field of Object.keys(example).filter((field) => field !== 'type')) {
    expect(code(parse, { ...example, [field]: undefined }), `without ${field}`).toBe('bad_message')
    for (const value of bad[field] ?? []) expect(code(parse, { ...example, [field]: value }), `${field} ${JSON.stringify(value)?.slice(0, 40)}`).toBe('bad_message')
  }
  for (const value of ['', long(65), 1, null, {}]) expect(code(parse, { ...example, id: value }), `id ${JSON.stringify(value)}`).toBe('bad_message')
  const fields = Object.keys(example).filter((field) => !['type', 'id'].includes(field))
  expect(Object.keys(bad).sort(), 'every field has a bad example').toEqual(fields.sort())
})

test('every media request is on all sides', () => {
  for (const type of Object.keys(MEDIA_REQUESTS)) for (const [, examples] of sides) expect(Object.keys(examples)).toContain(type)
})

test.for([
  ['', 'bad_json', null], ['{', 'bad_json', null], ['{"type":"ping","id":"1"} x', 'bad_json', null],
  ['null', 'unknown_type', null], ['1', 'unknown_type', null], ['"ping"', 'unknown_type', null], ['[]', 'unknown_type', null], ['{}', 'unknown_type', null],
  ['{"type":"fly","id":"7"}', 'unknown_type', '7'], ['{"type":"__proto__","id":"7"}', 'unknown_type', '7'], ['{"type":"constructor","id":"7"}', 'unknown_type', '7'],
  ['{"type":null,"id":{}}', 'unknown_type', null], ['{"type":{"toString":1,"valueOf":1},"id":{"toString":1}}', 'unknown_type', null],
  [`{"type":"fly","id":"${long(100)}"}`, 'unknown_type', long(64)],
] as const)('%s', ([text, code, re]) => {
  for (const [, , parse] of sides) expect(parse(text)).toMatchObject({ rejected: { code, re } })
})

test('what belongs to the other side is unknown here', () => {
  expect(code(parseVisitor, { type: 'accept', id, offer: 'r-1/1' })).toBe('unknown_type')
  expect(code(parseAgent, { type: 'rate', id, score: 5, comment: '' })).toBe('unknown_type')
})

test('a frame may be as long as the limit, and no longer; depth costs nothing', () => {
  const padded = (length: number): string => JSON.stringify({ type: 'ping', id }).padEnd(length)
  expect(parseVisitor(padded(MAX_FRAME_BYTES))).toEqual({ message: { type: 'ping', id } })
  expect(parseVisitor(padded(MAX_FRAME_BYTES + 1))).toMatchObject({ rejected: { re: null, code: 'too_large' } })
  const deep = `{"type":"media.connect","id":"1","transport":"t","dtlsParameters":{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}}`
  expect(parseVisitor(deep)).toHaveProperty('message.type', 'media.connect')
  expect(parseVisitor(deep.replace('"t"', '7'))).toMatchObject({ rejected: { code: 'bad_message' } })
})

const value = fc.oneof({ weight: 3, arbitrary: fc.jsonValue() }, { weight: 1, arbitrary: fc.constantFrom<unknown>({ toString: 1 }, { valueOf: null, toString: {} }, { length: -1 }, { toJSON: 1 }) })
const types = [...new Set(cases.map(({ type }) => type))]
const junk = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  value.map((x) => JSON.stringify(x)),
  fc.dictionary(fc.constantFrom('type', 'id', 'token', 'offer', 'request', 'to', '__proto__', 'constructor'), value, { noNullPrototype: true }).map((x) => JSON.stringify(x)),
  fc.tuple(fc.constantFrom(...types), fc.dictionary(fc.string(), value)).map(([type, rest]) => JSON.stringify({ ...rest, type })),
  fc.tuple(fc.constantFrom(...cases), fc.constantFrom('id', 'token', 'score', 'comment', 'to', 'offer', 'dtlsParameters', 'paused'), value).map(([{ example }, field, x]) => JSON.stringify({ ...example, [field]: x })),
  fc.tuple(fc.constantFrom(...cases), fc.nat(), fc.string({ unit: 'binary', maxLength: 3 })).map(([{ example }, at, x]) => { const text = JSON.stringify(example); return text.slice(0, at % text.length) + x + text.slice(at % text.length + 1) }),
)
test('whatever is sent, the border answers: a message that was asked for as it stands, or a code it has words for', () => {
  let passed = 0
  fc.assert(fc.property(junk, (text) => {
    for (const [, , parse] of sides) {
      const parsed = parse(text)
      if ('message' in parsed) { passed++; expect(parsed.message).toEqual(JSON.parse(text)) } else {
        expect(Object.keys(WIRE_ERRORS)).toContain(parsed.rejected.code)
        expect(typeof parsed.rejected.detail).toBe('string')
        expect(parsed.rejected.re === null || parsed.rejected.re.length <= 64).toBe(true)
      }
    }
  }), { numRuns: 2_000 })
  expect(passed).toBeGreaterThan(50)
})

test('every error has both languages', () => {
  for (const { zh, en } of Object.values(WIRE_ERRORS)) {
    expect(zh).toMatch(/\p{Script=Han}/u)
    expect(en).toMatch(/^[A-Z]/)
  }
})
