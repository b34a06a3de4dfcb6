// The picture of a call: the other party large, oneself small, the controls below. Used by visitor and agent alike.
import { useComputed, useSignal, type ReadonlySignal } from '@preact/signals'
import { Mic, MicOff, PhoneOff, UserRound, Video, VideoOff, Volume2 } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Button } from '../shell/button.tsx'
import { t } from '../shell/text.ts'
import type { Call } from './call.ts'
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

interface StageProps {
  call: Call
  /** Who is on the other side, for those who cannot see. */
  name: string
  caption: ComponentChildren
  hangup: () => void
  hangingUp: ReadonlySignal<boolean>
  keys?: { mute: string; camera: string; hangup: string }
  /** The call is under way: a picture that is missing now was there or never will be. */
  connected: boolean
}

/** Why there is nothing to see. */
function Blank({ connected, arrived, state }: { connected: boolean; arrived: boolean; state: Call['state']['value'] }) {
  if (arrived) return <p>{t('media.remoteOff')}</p>
  if (connected && state === 'live') return <p>{t('media.remoteNothing')}</p>
  return <><span class="spinner" /><p>{t(connected ? 'media.reconnecting' : 'media.connecting')}</p></>
}

export function Stage({ call, name, caption, hangup, hangingUp, keys, connected }: StageProps) {
  const silenced = useSignal(false)
  const sources = useComputed(() => {
    const of = (source: 'camera' | 'microphone') => call.remote.value.find((one) => one.source === source)
    return { camera: of('camera'), microphone: of('microphone') }
  })
  const { camera, microphone } = sources.value
  const arrived = Boolean(camera || microphone)
  const seen = camera && !camera.paused
  const state = call.state.value
  const play = () => {
    silenced.value = false
    for (const video of document.querySelectorAll<HTMLVideoElement>('.stage video')) void video.play()
  }
  return (
    <div class="stage">
      <Picture tracks={[camera?.track ?? null, microphone?.track ?? null]} name={name} testid="remote-video" onBlocked={() => { silenced.value = true }} />
      {!seen && (
        <div class="stage-blank">
          <span class="stage-face"><UserRound size={56} strokeWidth={1.3} aria-hidden="true" /></span>
          <Blank connected={connected} arrived={arrived} state={state} />
        </div>
      )}
      <div class="stage-top">
        <div class="stage-caption">{caption}</div>
        {microphone?.paused && <span class="stage-chip"><MicOff size={14} aria-hidden="true" />{t('media.remoteMuted')}</span>}
      </div>
      <div class="stage-news" role="status">
        {(state === 'interrupted' || (state === 'joining' && arrived)) && <span class="stage-chip stage-warn"><span class="spinner" />{t('media.reconnecting')}</span>}
        {silenced.value && <Button kind="primary" icon={Volume2} onClick={play}>{t('media.tapForSound')}</Button>}
      </div>
      <div class="stage-self">
        {call.tracks.value.camera && call.on.camera.value
          ? <Picture tracks={[call.tracks.value.camera]} muted mirror name={t('media.self')} testid="self-video" />
          : <span class="stage-selfoff"><VideoOff size={20} aria-hidden="true" /><span class="unseen">{t('media.selfOff')}</span></span>}
        {!call.on.microphone.value && <span class="stage-muted"><MicOff size={14} aria-hidden="true" /></span>}
      </div>
      <div class="stage-controls">
        <Switch call={call} source="microphone" {...(keys ? { keys: keys.mute } : {})} />
        <Switch call={call} source="camera" {...(keys ? { keys: keys.camera } : {})} />
        <Button kind="bad" size="large" icon={PhoneOff} label={t('media.hangup')} title={keys ? `${t('media.hangup')} (${keys.hangup})` : t('media.hangup')}
          busy={hangingUp.value} data-testid="hangup" onClick={hangup} />
      </div>
    </div>
  )
}
