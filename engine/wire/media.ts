// Media signalling on the wire: what a page and the SFU say to each other to get sound and picture flowing both ways.
import Type from 'typebox'
import type { DataOf } from '#events/event.ts'

const strict = { additionalProperties: false }
const MsgId = Type.String({ minLength: 1, maxLength: 64 })
const Handle = Type.String({ minLength: 1, maxLength: 64 })
/** How a party takes part in a call; who receives whom is the table of engine/media/reach.ts. */
export type CallRole = DataOf<'participant.joined'>['role']
/** mediasoup's own structures: bounded here, validated field by field in engine/media before they reach a worker. */
const Opaque = Type.Record(Type.String({ maxLength: 64 }), Type.Unknown())

export const MEDIA_REQUESTS = {
  /** Asks for the room's RTP capabilities; answered once the room is open. → { rtpCapabilities, role, held }: `role` is how this page takes part, `held` whether the visitor is on hold */
  'media.capabilities': Type.Object({ type: Type.Literal('media.capabilities'), id: MsgId }, strict),
  /** Opens a transport. → { transport, iceParameters, iceCandidates, dtlsParameters, iceServers } */
  'media.open': Type.Object({ type: Type.Literal('media.open'), id: MsgId, direction: Type.Enum(['send', 'recv']) }, strict),
  /** → {} */
  'media.connect': Type.Object({ type: Type.Literal('media.connect'), id: MsgId, transport: Handle, dtlsParameters: Opaque }, strict),
  /** The page's network changed: new ICE credentials for a transport that is to go on. → { iceParameters } */
  'media.restartIce': Type.Object({ type: Type.Literal('media.restartIce'), id: MsgId, transport: Handle }, strict),
  /** Refused (`forbidden`) to whoever only listens. → { producer } */
  'media.produce': Type.Object({ type: Type.Literal('media.produce'), id: MsgId, transport: Handle, kind: Type.Enum(['audio', 'video']), source: Type.Enum(['microphone', 'camera']), rtpParameters: Opaque }, strict),
  /** The page can receive: from now on it is told of each track it may receive by `media.consume`. → {} */
  'media.receive': Type.Object({ type: Type.Literal('media.receive'), id: MsgId, transport: Handle, rtpCapabilities: Opaque }, strict),
  /** The page has the track set up; packets may flow. → {} */
  'media.resume': Type.Object({ type: Type.Literal('media.resume'), id: MsgId, consumer: Handle }, strict),
  /** Mute or camera off, and back. → {} */
  'media.pause': Type.Object({ type: Type.Literal('media.pause'), id: MsgId, producer: Handle, paused: Type.Boolean() }, strict),
} as const
export type MediaRequest = { [K in keyof typeof MEDIA_REQUESTS]: Type.Static<(typeof MEDIA_REQUESTS)[K]> }[keyof typeof MEDIA_REQUESTS]

/** What the SFU tells a page unasked. */
export type MediaPush =
  | { type: 'media.consume'; consumer: string; producer: string; participant: string; role: CallRole; kind: 'audio' | 'video'; source: 'microphone' | 'camera'; paused: boolean; rtpParameters: object }
  /** Nothing comes of this track just now (its sender switched it off, or someone is on hold), or it goes on. */
  | { type: 'media.paused'; consumer: string; paused: boolean }
  | { type: 'media.gone'; consumer: string }
  /** The visitor was put on hold, or taken off it. Visitor and guests then receive nobody and nobody receives them. */
  | { type: 'media.held'; held: boolean }
  /** The room is to be joined afresh (its worker died, or this party takes part in another role now): start again with `media.capabilities`. */
  | { type: 'media.restart' }

/** A party of a call, as the rooms know it. */
export interface MediaParty { request: string; role: CallRole; participant: string }

/** The SFU as the rest of the engine sees it; implemented by engine/media, used by effects (open, close) and by the server (handle, leave). */
export interface MediaRooms {
  /**
   * Opens the room of a call, or brings the open one to exactly these parties and this hold. Idempotent. Who is new may join; who is not
   * named any more is closed, and the others are told; whoever has another role now is asked to join afresh. Rejects when there is no
   * worker to open it on.
   */
  open(request: string, parties: readonly MediaParty[], held: boolean): Promise<void>
  /** Closes the room and everything in it. Idempotent. */
  close(request: string): void
  /** Answers one media request of a party, or throws MediaError. */
  handle(party: MediaParty, message: MediaRequest, push: (message: MediaPush) => void): Promise<object>
  /** The party's connection is gone: its transports are closed; its place in the room stays. */
  leave(party: MediaParty): void
  stop(): Promise<void>
}

/** A media request that cannot be answered: a code and zh/en sentence for the page. */
export class MediaError extends Error {
  readonly code: 'no_room' | 'bad_media' | 'unknown_media' | 'media_failed' | 'forbidden'
  constructor(code: MediaError['code'], message: string) { super(message); this.code = code }
}
