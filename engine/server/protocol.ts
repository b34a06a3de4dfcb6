// The tables of PROTOCOL.md, made from the code: `node engine/server/protocol.ts` writes them; a test finds what was forgotten.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MediaPush } from '#wire/media.ts'
import type { AgentMessage, AgentPush, GuestMessage, GuestPush, SupervisorMessage, SupervisorPush, VisitorMessage, VisitorPush } from '#wire/messages.ts'
import { ownRoutes } from './app.ts'
import { ERRORS, statusOf, type ErrorCode } from './errors.ts'
import type { Route } from './route.ts'
import { CLOSE_CODES } from './socket.ts'

/** What a message means, what its answer holds, and one that passes. The types see to it that none is missing. */
type Told<M extends { type: string }> = { [T in M['type']]: { about: string; answer?: string; example: Extract<M, { type: T }> } }
type MediaMessage = Extract<VisitorMessage, { type: `media.${string}` }>

const MEDIA: Told<MediaMessage> = {
  'media.capabilities': { about: 'Joins the room of the call; waits until it is open.', answer: '`rtpCapabilities`, `role` (visitor, agent, guest, listener, whisperer, barger), `held`', example: { type: 'media.capabilities', id: '7' } },
  'media.open': { about: 'Opens a transport.', answer: '`transport`, `iceParameters`, `iceCandidates`, `dtlsParameters`, `iceServers`', example: { type: 'media.open', id: '8', direction: 'send' } },
  'media.connect': { about: 'Gives a transport the page’s DTLS parameters.', example: { type: 'media.connect', id: '9', transport: 't1', dtlsParameters: { role: 'client', fingerprints: [] } } },
  'media.restartIce': { about: 'The page’s network changed: new ICE credentials for a transport that is to go on.', answer: '`iceParameters`', example: { type: 'media.restartIce', id: '14', transport: 't1' } },
  'media.produce': { about: 'Sends a track. A listener sends none (`forbidden`).', answer: '`producer`', example: { type: 'media.produce', id: '10', transport: 't1', kind: 'audio', source: 'microphone', rtpParameters: {} } },
  'media.receive': { about: 'The page can receive: from now on it is told of the tracks it may receive by `media.consume`.', example: { type: 'media.receive', id: '11', transport: 't2', rtpCapabilities: {} } },
  'media.resume': { about: 'The track is set up; packets may flow.', example: { type: 'media.resume', id: '12', consumer: 'c1' } },
  'media.pause': { about: 'Mute or camera off, and back.', example: { type: 'media.pause', id: '13', producer: 'p1', paused: true } },
}

export const VISITOR: Told<VisitorMessage> = {
  hello: { about: 'First, within 5 s of opening.', answer: '`now`, `view`', example: { type: 'hello', id: '1', token: 'eyJy….q8Zk' } },
  call: { about: 'Starts the call; the visitor agreed to the use of camera and microphone.', example: { type: 'call', id: '2', consent: true } },
  hangup: { about: 'Hangs up, or stops waiting.', example: { type: 'hangup', id: '3' } },
  callback: { about: 'Does not wait on, but is called: at `dueAt` (UTC ms), or, 0, when it would be one’s turn; the place is kept.', example: { type: 'callback', id: '14', dueAt: 0 } },
  ringing: { about: 'The page shows that an agent rings.', example: { type: 'ringing', id: '15' } },
  answer: { about: 'Takes the agent’s call, with consent as above.', example: { type: 'answer', id: '16', consent: true } },
  refuse: { about: 'Declines it.', example: { type: 'refuse', id: '17' } },
  closing: { about: 'The page is being left. If it does not come back, the visitor left on purpose.', example: { type: 'closing', id: '4' } },
  rate: { about: 'Rates an answered call, once.', example: { type: 'rate', id: '5', score: 5, comment: '很好' } },
  ping: { about: 'A sign of life, and the engine’s clock.', answer: '`now`', example: { type: 'ping', id: '6' } },
  ...MEDIA,
}

export const GUEST: Told<GuestMessage> = {
  hello: { about: 'First; the token is the part of the link behind `#`. One page at a time.', answer: '`now`, `view`', example: { type: 'hello', id: '1', token: 'eyJy….q8Zk' } },
  knock: { about: 'Asks to be let in, under this name; camera and microphone were agreed to.', example: { type: 'knock', id: '2', name: '王女士', consent: true } },
  leave: { about: 'Leaves the call for good.', example: { type: 'leave', id: '3' } },
  ping: { about: 'A sign of life, and the engine’s clock.', answer: '`now`', example: { type: 'ping', id: '4' } },
  ...MEDIA,
}

export const SUPERVISOR: Told<SupervisorMessage> = {
  hello: { about: 'First. Who may use monitors.', answer: '`now`, `view`', example: { type: 'hello', id: '1' } },
  monitor: { about: 'Joins a connected call, or changes how: `listen`, `whisper` (the agents hear him), `barge` (everyone does).', example: { type: 'monitor', id: '2', request: 'r-1', mode: 'listen' } },
  leave: { about: 'Leaves it.', example: { type: 'leave', id: '3' } },
  ping: { about: 'A sign of life, and the engine’s clock.', answer: '`now`', example: { type: 'ping', id: '4' } },
  ...MEDIA,
}

export const AGENT: Told<AgentMessage> = {
  hello: { about: 'First, within 5 s of opening. Begins the login, offline, or goes on with it.', answer: '`now`, `view`', example: { type: 'hello', id: '1' } },
  status: { about: 'Says one’s status.', example: { type: 'status', id: '2', to: 'idle', reason: '' } },
  device: { about: 'Reports a device check.', example: { type: 'device', id: '3', camera: true, microphone: true, speaker: true, network: 'good' } },
  ring: { about: 'The page shows and sounds the offer.', example: { type: 'ring', id: '4', offer: 'r-1/1' } },
  accept: { about: 'Takes the offer; `offer_gone` when it was withdrawn, taken or timed out.', example: { type: 'accept', id: '5', offer: 'r-1/1' } },
  decline: { about: 'Declines the offer; it goes on to someone else.', example: { type: 'decline', id: '6', offer: 'r-1/1' } },
  hangup: { about: 'Ends the call one has; leaves one in which one helps.', example: { type: 'hangup', id: '7', request: 'r-1' } },
  queueStatus: { about: 'The status that follows once the work at hand is done; null takes it back.', example: { type: 'queueStatus', id: '11', to: 'away', reason: 'lunch' } },
  pick: { about: 'Takes a waiting request of one’s groups by hand; `already_offered` while it rings elsewhere.', example: { type: 'pick', id: '12', request: 'r-1' } },
  urgent: { about: 'Makes a waiting request urgent, or not.', example: { type: 'urgent', id: '13', request: 'r-1', on: true } },
  dial: { about: 'Rings a visitor: one seen before (on his open page, or by the link), or, null, whoever opens the link.', answer: '`request`, `link`', example: { type: 'dial', id: '14', visitor: null, access: 'web' } },
  dialCancel: { about: 'Gives up dialling.', example: { type: 'dialCancel', id: '15', request: 'o-1' } },
  leave: { about: 'Leaves a call; it goes on as long as another agent is in it.', example: { type: 'leave', id: '16', request: 'r-1' } },
  hold: { about: 'Puts the visitor on hold, or takes him off it.', example: { type: 'hold', id: '17', request: 'r-1', on: true } },
  transfer: { about: 'Hands the call over: warm, both talk until one leaves; blind, one leaves at once.', example: { type: 'transfer', id: '18', request: 'r-1', to: { group: 'gold' }, warm: true } },
  invite: { about: 'Asks another agent, or one of a group, into the call.', example: { type: 'invite', id: '19', request: 'r-1', to: { agent: 'ben' } } },
  uninvite: { about: 'Takes an asking back.', example: { type: 'uninvite', id: '20', request: 'r-1', invitation: 'i-1' } },
  guest: { about: 'Makes a link for an outside guest; it lets one page in.', answer: '`guest`, `link`', example: { type: 'guest', id: '21', request: 'r-1' } },
  admit: { about: 'Lets a guest in who knocked.', example: { type: 'admit', id: '22', request: 'r-1', guest: 'g-1' } },
  turnAway: { about: 'Turns a guest away, or out.', example: { type: 'turnAway', id: '23', request: 'r-1', guest: 'g-1' } },
  wrapupAsk: { about: 'Wants time for after-call work, where the group leaves it to the agent.', example: { type: 'wrapupAsk', id: '24', wanted: true } },
  wrapupExtend: { about: 'More time for after-call work.', example: { type: 'wrapupExtend', id: '25', ms: 60_000 } },
  block: { about: 'Asks that the visitor of one’s call be blocked; a supervisor decides.', example: { type: 'block', id: '26', request: 'r-1', reason: 'rude' } },
  colleagues: { about: 'Whom one could ask into a call; the invisible look offline.', answer: '`agents`: `agent`, `nickname`, `status`, `work`, `groups`', example: { type: 'colleagues', id: '27' } },
  explain: { about: 'Why one was, may be, or was not asked for this request.', answer: '`explanation`: `reasons` (`code`, `zh`, `en`), `rank`, `ahead`', example: { type: 'explain', id: '28', request: 'r-1' } },
  wrapupDone: { about: 'Ends the after-call work before its time.', example: { type: 'wrapupDone', id: '8' } },
  summary: { about: 'Files the service summary of one’s call; again, to change it.', example: { type: 'summary', id: '9', request: 'r-1', category: 'billing', resolved: true, note: '' } },
  ping: { about: 'A sign of life, and the engine’s clock.', answer: '`now`', example: { type: 'ping', id: '10' } },
  ...MEDIA,
}

const MEDIA_PUSHES: Told<MediaPush> = {
  'media.consume': {
    about: 'A track of another party. The page sets it up, then says `media.resume`.',
    example: { type: 'media.consume', consumer: 'c1', producer: 'p2', participant: 'ann', role: 'agent', kind: 'video', source: 'camera', paused: false, rtpParameters: {} },
  },
  'media.paused': { about: 'Nothing comes of that track just now (muted, or on hold), or it goes on.', example: { type: 'media.paused', consumer: 'c1', paused: true } },
  'media.gone': { about: 'That track has ended.', example: { type: 'media.gone', consumer: 'c1' } },
  'media.held': { about: 'The visitor was put on hold, or taken off it: visitor and guests receive nobody, nobody receives them.', example: { type: 'media.held', held: true } },
  'media.restart': { about: 'The room moved, or this party has another role now: join afresh, beginning with `media.capabilities`.', example: { type: 'media.restart' } },
}
const bye = { about: 'Sent before the engine closes the socket.', example: { type: 'bye', code: 'replaced' } } as const

const VISITOR_PUSHES: Told<VisitorPush> = {
  view: {
    about: 'What the page is to show, whole, after every change. `phase`: ready, queued, ringing, dialled (an agent rings), connecting, in_call, closed. `position`: 1 is next; told at most once a second. `message`: the plan’s words.',
    example: { type: 'view', now: 1_790_000_000_000, view: { phase: 'queued', request: 'r-1', participant: 'v-1', direction: 'inbound', position: 2, estimateMs: 95_000, since: 1_789_999_990_000, agent: null, connectedAt: null, held: false, transferring: false, parties: [], callbackAt: null, message: null, outcome: null, rated: false } },
  },
  bye, ...MEDIA_PUSHES,
}
const AGENT_PUSHES: Told<AgentPush> = {
  view: {
    about: 'What the workbench is to show, whole, after every change.',
    example: {
      type: 'view', now: 1_790_000_000_000, view: {
        agent: 'ann', nickname: '小安', realName: 'Ann Li', video: true, status: 'idle', statusSince: 1_789_999_000_000, reason: '', queued: null, asked: null, work: 'ringing', deviceCheckedAt: 1_789_998_000_000, deviceCheckNeeded: false,
        offer: { offer: 'r-1/1', request: 'r-1', visitor: 'v-1', channel: 'web', access: 'web', accessName: '官网 Website', group: 'ungrouped', attempt: 1, waitingSince: 1_789_999_990_000, expiresAt: 1_790_000_019_000, mode: 'own', from: null, direction: 'inbound', priority: 0, attributes: {} },
        dial: null, call: null, wrapUp: null, plan: 3, queue: [], queues: [{ group: 'ungrouped', name: '未分组 Ungrouped', waiting: 1, longestSince: 1_789_999_990_000 }],
      },
    },
  },
  bye, ...MEDIA_PUSHES,
}

const GUEST_PUSHES: Told<GuestPush> = {
  view: { about: 'What the guest’s page is to show. `phase`: invited, knocking, in, gone.', example: { type: 'view', now: 1_790_000_000_000, view: { phase: 'knocking', request: 'r-1', participant: 'g-1', held: false, parties: [] } } },
  bye, ...MEDIA_PUSHES,
}
const SUPERVISOR_PUSHES: Told<SupervisorPush> = {
  view: {
    about: 'The call the supervisor is in.',
    example: { type: 'view', now: 1_790_000_000_000, view: { participant: 'sue', call: { request: 'r-1', mode: 'listen', connectedAt: 1_789_999_990_000, held: false, parties: [{ participant: 'ann', role: 'agent', name: '小安' }] } } },
  },
  bye, ...MEDIA_PUSHES,
}

const table = (head: string[], rows: string[][]): string => [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
const code = (value: object): string => `\`${JSON.stringify(value)}\``
const messages = (told: Record<string, { about: string; answer?: string; example: object }>, answers: boolean): string =>
  table(answers ? ['message', 'answer holds'] : ['message'], Object.values(told).map(({ about, answer, example }) => [`${about}<br>${code(example)}`, ...(answers ? [answer ?? ''] : [])]))

const who = ({ who }: Route): string => (who === 'anyone' ? 'anyone' : who === 'signed_in' ? 'signed in' : `may ${who[0]} ${who[1].replace('_', ' ')}`)

/** The generated parts by name. */
export const PARTS: Record<string, string> = {
  routes: table(['route', 'who', 'about'], ownRoutes({ driver: {}, store: {} } as never).map((r) => [`\`${r.method} ${r.url}\``, who(r), r.about])),
  'visitor messages': messages(VISITOR, true),
  'visitor pushes': messages(VISITOR_PUSHES, false),
  'agent messages': messages(AGENT, true),
  'agent pushes': messages(AGENT_PUSHES, false),
  'guest messages': messages(GUEST, true),
  'guest pushes': messages(GUEST_PUSHES, false),
  'supervisor messages': messages(SUPERVISOR, true),
  'supervisor pushes': messages(SUPERVISOR_PUSHES, false),
  'close codes': table(['code', 'reason'],
    [...Map.groupBy(Object.entries(CLOSE_CODES), ([, code]) => code)].map(([code, reasons]) => [`${code}`, reasons.map(([reason]) => `\`${reason}\``).join(', ')])),
  errors: table(['code', 'HTTP', '中文', 'English'], Object.entries(ERRORS).map(([code, { zh, en }]) => [`\`${code}\``, `${statusOf(code as ErrorCode)}`, zh, en])),
}

export const PROTOCOL_FILE = join(import.meta.dirname, '..', 'PROTOCOL.md')

/** The document with its generated parts made afresh. Throws when it lacks the place for one. */
export function withParts(document: string): string {
  for (const [name, part] of Object.entries(PARTS)) {
    const place = new RegExp(`(<!-- ${name} -->\\n)[^]*?(<!-- end -->)`)
    if (!place.test(document)) throw new Error(`PROTOCOL.md has no place for "${name}".`)
    document = document.replace(place, (_, begin: string, end: string) => `${begin}${part}\n${end}`)
  }
  return document
}

if (import.meta.main) writeFileSync(PROTOCOL_FILE, withParts(readFileSync(PROTOCOL_FILE, 'utf8')))
