// The picture of a call: one other party large and oneself small, or all as tiles; the controls below. Used by every page that is in a call.
import { useSignal, type ReadonlySignal } from '@preact/signals'
import { Mic, MicOff, Pause, PhoneOff, UserRound, Video, VideoOff, Volume2 } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Button } from '../shell/button.tsx'
import { t } from '../shell/text.ts'
import type { Call, RemoteParty } from './call.ts'
import { watchLevel } from './devices.ts'
import './stage.css'

interface PictureProps {
  tracks: readonly (MediaStreamTrack | null)[]
  muted?: boolean
  mirror?: boolean
  name: string
  /** The browser would not play sound before a press. */
  onBlocked?: () => void
  testid?: string
}
/** Plays tracks. Playing starts again by itself when they change. */
export function Picture({ tracks, muted, mirror, name, onBlocked, testid }: PictureProps) {
  const element = useRef<HTMLVideoElement>(null)
  const live = tracks.filter((track) => track !== null)
  useEffect(() => {
    const video = element.current
    if (!video) return
    video.srcObject = live.length ? new MediaStream(live) : null
    if (live.length) video.play().catch((error: DOMException) => { if (error.name === 'NotAllowedError') onBlocked?.() })
  }, [live.map((track) => track.id).join()])
  // `muted` is set as a property too: the attribute alone does not silence an element made by script.
  return <video ref={element} class={`picture ${mirror ? 'picture-mirror' : ''}`} autoplay playsInline muted={muted ?? false} aria-label={name} data-testid={testid} />
}

/** A bar that follows a microphone; tells once that something was heard. */
export function Level({ track, onHeard }: { track: MediaStreamTrack; onHeard?: () => void }) {
  const bar = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    let heard = false
    // Straight to the element: twenty times a second is no business of the page's state.
    return watchLevel(track, (value) => {
      bar.current?.style.setProperty('--level', value.toFixed(2))
      if (!heard && value > 0.25) { heard = true; onHeard?.() }
    })
  }, [track])
  return <span ref={bar} class="level" aria-hidden="true"><i /></span>
}

/** A button that switches one's own microphone or camera. */
export function Switch({ call, source, keys }: { call: Call; source: 'microphone' | 'camera'; keys?: string }) {
  const on = call.on[source].value
  const missing = call.tracks.value[source] === null
  const name = source === 'microphone' ? t(on ? 'media.mute' : 'media.unmute') : t(on ? 'media.cameraOff' : 'media.cameraOn')
  return (
    <Button kind={on && !missing ? 'glass' : 'plain'} size="large" label={name} title={keys ? `${name} (${keys})` : name} aria-pressed={!on} disabled={missing}
      icon={source === 'microphone' ? (on ? Mic : MicOff) : (on ? Video : VideoOff)} data-testid={source === 'microphone' ? 'mute' : 'camera-off'} onClick={() => call.toggle(source)} />
  )
}

/** Why there is nothing to see of a party, or of anybody yet. */
function Blank({ party, connected, state, alone }: { party: RemoteParty | null; connected: boolean; state: Call['state']['value']; alone: boolean }) {
  const words = () => {
    if (party?.held) return <p>{t('media.onHold')}</p>
    if (party) return alone && <p>{t('media.remoteOff')}</p>
    if (connected && state === 'live') return <p>{t('media.remoteNothing')}</p>
    return <><span class="spinner" /><p>{t(connected ? 'media.reconnecting' : 'media.connecting')}</p></>
  }
  return (
    <div class="stage-blank">
      <span class="stage-face"><UserRound size={56} strokeWidth={1.3} aria-hidden="true" /></span>
      {words()}
    </div>
  )
}

interface TileProps { party: RemoteParty | null; name: string; alone: boolean; connected: boolean; state: Call['state']['value']; onBlocked: () => void }
function Tile({ party, name, alone, connected, state, onBlocked }: TileProps) {
  const seen = party?.video && !party.video.paused && !party.held
  return (
    <figure class="stage-tile" data-participant={party?.participant}>
      <Picture tracks={[party?.video?.track ?? null, party?.audio?.track ?? null]} name={name} testid="remote-video" onBlocked={onBlocked} />
      {!seen && <Blank party={party} connected={connected} state={state} alone={alone} />}
      {!alone && <figcaption class="stage-name">{party?.audio?.paused && !party.held && <MicOff size={14} aria-label={t('media.remoteMuted')} />}{name}</figcaption>}
    </figure>
  )
}

function Self({ call, tile }: { call: Call; tile: boolean }) {
  return (
    <div class={tile ? 'stage-tile' : 'stage-self'}>
      {call.tracks.value.camera && call.on.camera.value
        ? <Picture tracks={[call.tracks.value.camera]} muted mirror name={t('media.self')} testid="self-video" />
        : <span class="stage-selfoff"><VideoOff size={20} aria-hidden="true" /><span class="unseen">{t('media.selfOff')}</span></span>}
      {!call.on.microphone.value && <span class="stage-muted"><MicOff size={14} aria-hidden="true" /></span>}
      {tile && <span class="stage-name">{t('media.self')}</span>}
    </div>
  )
}

interface StageProps {
  call: Call
  /** Who is on the other side, for those who cannot see; of each where there are several, see `names`. */
  name: string
  /** Names of the parties by participant; a party without one is called by its role. */
  names?: ReadonlyMap<string, string>
  caption: ComponentChildren
  /** Further controls of the page, before the one that hangs up. */
  controls?: ComponentChildren
  hangup: () => void
  hangingUp: ReadonlySignal<boolean>
  /** What hanging up is called for this party, such as leaving; hanging up by default. */
  hangupLabel?: string
  keys?: { mute: string; camera: string; hangup: string }
  /** The call is under way: a picture that is missing now was there or never will be. */
  connected: boolean
}

export function Stage({ call, name, names, caption, controls, hangup, hangingUp, hangupLabel, keys, connected }: StageProps) {
  const silenced = useSignal(false)
  const parties = call.parties.value
  const state = call.state.value
  const sending = call.sending.value
  /** One party fills the stage and oneself is in the corner; several share it with oneself. */
  const alone = parties.length <= 1
  const tiles = alone ? 1 : parties.length + (sending ? 1 : 0)
  const rows = (columns: number) => ({ columns, rows: Math.ceil(tiles / columns) })
  const [wide, tall] = [rows(Math.ceil(Math.sqrt(tiles))), rows(Math.max(1, Math.floor(Math.sqrt(tiles))))]
  const onBlocked = () => { silenced.value = true }
  const play = () => {
    silenced.value = false
    for (const video of document.querySelectorAll<HTMLVideoElement>('.stage video')) void video.play()
  }
  const end = hangupLabel ?? t('media.hangup')
  return (
    <div class="stage">
      <div class={alone ? 'stage-tiles stage-alone' : 'stage-tiles'} data-tiles={tiles}
        style={{ '--wide-columns': wide.columns, '--wide-rows': wide.rows, '--tall-columns': tall.columns, '--tall-rows': tall.rows }}>
        {parties.length === 0 && <Tile key="nobody" party={null} name={name} alone connected={connected} state={state} onBlocked={onBlocked} />}
        {parties.map((party) => (
          <Tile key={party.participant} party={party} name={names?.get(party.participant) ?? (alone ? name : t(`media.role.${party.role}`))} alone={alone} connected={connected} state={state} onBlocked={onBlocked} />
        ))}
        {!alone && sending && <Self key="self" call={call} tile />}
      </div>
      {call.onHold.value && (
        <div class="stage-blank stage-hold" role="status" data-testid="held">
          <span class="stage-face"><Pause size={52} strokeWidth={1.3} aria-hidden="true" /></span>
          <strong>{t('media.held')}</strong>
          <p>{t('media.heldText')}</p>
        </div>
      )}
      <div class="stage-top">
        <div class="stage-caption">{caption}</div>
        {alone && parties[0]?.audio?.paused && !parties[0].held && <span class="stage-chip"><MicOff size={14} aria-hidden="true" />{t('media.remoteMuted')}</span>}
      </div>
      <div class="stage-news" role="status">
        {(state === 'interrupted' || (state === 'joining' && parties.length > 0)) && <span class="stage-chip stage-warn"><span class="spinner" />{t('media.reconnecting')}</span>}
        {silenced.value && <Button kind="primary" icon={Volume2} onClick={play}>{t('media.tapForSound')}</Button>}
      </div>
      {alone && sending && <Self call={call} tile={false} />}
      <div class="stage-controls">
        {sending && <Switch call={call} source="microphone" {...(keys ? { keys: keys.mute } : {})} />}
        {sending && <Switch call={call} source="camera" {...(keys ? { keys: keys.camera } : {})} />}
        {controls}
        <Button kind="bad" size="large" icon={PhoneOff} label={end} title={keys ? `${end} (${keys.hangup})` : end}
          busy={hangingUp.value} data-testid="hangup" onClick={hangup} />
      </div>
    </div>
  )
}
