// A call's media as a page holds it: own tracks, the others' tracks, mute and camera, joined when the engine says so. No DOM.
import { computed, effect, signal, type ReadonlySignal } from '@preact/signals'
import type { CallRole, MediaPush } from '#wire/media.ts'
import type { CallMedia, CallMediaOptions, LocalTracks, MediaAsk, MediaState, RemoteTrack, Source } from '../media.ts'
import type { Chosen, Opened, Trouble } from './devices.ts'

/** The part of CallMedia that is used here. */
export type MediaPort = Pick<CallMedia, 'join' | 'push' | 'setOn' | 'replace' | 'close'>
type MakeMedia = (options: CallMediaOptions) => MediaPort

export interface CallPorts {
  ask: (message: MediaAsk) => Promise<object>
  /** Counts the link's connections: media lives only as long as one. */
  connection: ReadonlySignal<number>
  open: (chosen: Chosen, sources?: readonly Source[]) => Promise<Opened>
  release: (tracks: LocalTracks | null) => void
  /** Loads the SFU client: heavy, so only when a call is made. */
  load: () => Promise<MakeMedia>
}

/** Another party of the call of whom something is, or may be, seen and heard. */
export interface RemoteParty {
  participant: string
  role: CallRole
  audio: RemoteTrack | null
  video: RemoteTrack | null
  /** Nothing comes of him and nothing goes to him: he is on hold. */
  held: boolean
}

const SOURCES = ['microphone', 'camera'] as const
/** Hold is about the callers; the house goes on among itself. */
const isCaller = (role: CallRole | null): boolean => role === 'visitor' || role === 'guest'

const LOAD_RETRY_MS = 1500
const NO_TRACKS: LocalTracks = { microphone: null, camera: null }

export function makeCall(ports: CallPorts) {
  const tracks = signal<LocalTracks>(NO_TRACKS)
  const trouble = signal<Partial<Record<Source, Trouble>>>({})
  const opening = signal(false)
  const state = signal<MediaState | null>(null)
  const remote = signal<readonly RemoteTrack[]>([])
  const role = signal<CallRole | null>(null)
  const held = signal(false)
  /** Whether this page sends anything; one who only listens opens no device. */
  const sending = signal(true)
  /** In the order in which they came. */
  const parties = computed((): readonly RemoteParty[] => [...new Set(remote.value.map(({ participant }) => participant))].map((participant) => {
    const tracks = remote.value.filter((track) => track.participant === participant)
    const of = (source: Source) => tracks.find((track) => track.source === source) ?? null
    const { role } = tracks[0]!
    return { participant, role, audio: of('microphone'), video: of('camera'), held: held.value && isCaller(role) }
  }))
  const onHold = computed(() => held.value && isCaller(role.value))
  const on = { microphone: signal(true), camera: signal(true) }
  let media: MediaPort | null = null
  let wanted = false
  /** Counts joinings, so that one that was left meanwhile stops. */
  let joining = 0
  let asked: Promise<void> | null = null
  let asking = 0
  let loading: Promise<MakeMedia> | null = null
  let unfollow = () => {}

  /** Opens camera and microphone unless they are open. What cannot be opened stands in `trouble`. */
  function openDevices(chosen: Chosen = {}): Promise<void> {
    if (tracks.value.microphone || tracks.value.camera) return Promise.resolve()
    return asked ??= openFor(++asking, chosen)
  }
  async function openFor(mine: number, chosen: Chosen): Promise<void> {
    opening.value = true
    const opened = await ports.open(chosen)
    // Closed while the person was being asked: nobody wants the picture any more.
    if (mine !== asking) return ports.release(opened.tracks)
    tracks.value = opened.tracks
    trouble.value = opened.trouble
    opening.value = false
    asked = null
  }

  function closeDevices(): void {
    asking++
    asked = null
    opening.value = false
    ports.release(tracks.value)
    tracks.value = NO_TRACKS
    trouble.value = {}
    on.microphone.value = on.camera.value = true
  }

  /** Fetches the SFU client ahead of need. A download that failed is tried again by whoever needs it next. */
  function preload(): Promise<MakeMedia> {
    return loading ??= ports.load().catch((error: unknown) => { loading = null; throw error })
  }

  /** A call is on: the download is tried until it succeeds or the call is over. */
  async function loaded(): Promise<MakeMedia> {
    for (;;) {
      try { return await preload() } catch (error) {
        if (!wanted) throw error
        await new Promise((next) => setTimeout(next, LOAD_RETRY_MS))
      }
    }
  }

  /** Joins the call's room with whatever devices are open (opened first, if need be), or with none to `listen` only. Idempotent. */
  async function join(chosen: Chosen = {}, listen = false): Promise<void> {
    if (wanted) return
    wanted = true
    sending.value = !listen
    const mine = ++joining
    state.value = 'joining'
    const [make] = await Promise.all([loaded(), listen ? closeDevices() : openDevices(chosen)])
    if (mine !== joining) return
    media = make({
      request: ports.ask, tracks: tracks.value,
      onTrack: (track) => { remote.value = [...remote.value.filter(({ consumer }) => consumer !== track.consumer), track] },
      onPaused: (consumer, paused) => { remote.value = remote.value.map((track) => (track.consumer === consumer ? { ...track, paused } : track)) },
      onGone: (consumer) => { remote.value = remote.value.filter((track) => track.consumer !== consumer) },
      onState: (next) => { state.value = next },
      onRole: (next) => { role.value = next },
      onHeld: (next) => { held.value = next },
    })
    for (const source of SOURCES) if (!on[source].value) void media.setOn(source, false)
    unfollow = effect(() => { if (ports.connection.value > 0) media?.join() })
  }

  /** Goes from listening to speaking (the devices are opened) or back (they are let go of), without leaving the room. */
  async function speak(on: boolean, chosen: Chosen = {}): Promise<void> {
    if (!wanted || sending.value === on) return
    sending.value = on
    if (on) await openDevices(chosen)
    else closeDevices()
    if (!wanted || sending.value !== on) return
    for (const source of SOURCES) await media?.replace(source, tracks.value[source])
  }

  /** Leaves the room and lets go of the devices. */
  function leave(): void {
    wanted = false
    joining++
    unfollow()
    unfollow = () => {}
    media?.close()
    media = null
    remote.value = []
    state.value = role.value = null
    held.value = false
    sending.value = true
    closeDevices()
  }

  return {
    tracks, trouble, opening, state, parties, role, onHold, sending, on,
    openDevices, closeDevices, preload, join, speak, leave,
    push: (message: MediaPush): void => media?.push(message),
    /** Mutes or unmutes, switches the camera off or on. */
    toggle(source: Source): void {
      const next = !on[source].value
      on[source].value = next
      const track = tracks.value[source]
      if (track) track.enabled = next
      // A refusal here means that the room is being joined afresh, which carries the switch along.
      media?.setOn(source, next).catch(() => {})
    },
    /** Sends from another device from now on. */
    async change(source: Source, device: string): Promise<void> {
      const next = (await ports.open({ [source]: device }, [source])).tracks[source]
      if (!next) return
      tracks.value[source]?.stop()
      next.enabled = on[source].value
      tracks.value = { ...tracks.value, [source]: next }
      await media?.replace(source, next)
    },
  }
}
export type Call = ReturnType<typeof makeCall>
