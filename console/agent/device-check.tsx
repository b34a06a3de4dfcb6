// The device check: the agent sees himself, sees his voice, hears a tone; what was found is told to the engine.
import { useSignal } from '@preact/signals'
import { CircleAlert, CircleCheck, LoaderCircle, Mic, Video, Volume2, Wifi, type LucideIcon } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { listDevices, openTracks, closeTracks, type Chosen, type Devices, type Trouble } from '../call/devices.ts'
import { Level, Picture } from '../call/stage.tsx'
import type { LocalTracks, Source } from '../media.ts'
import { Button } from '../shell/button.tsx'
import { Dialog } from '../shell/dialog.tsx'
import { Choice, Select } from '../shell/form.tsx'
import { either } from '../shell/i18n.ts'
import { Notice } from '../shell/page.tsx'
import type { Refused } from '../shell/refused.ts'
import { choose, chosen } from '../staff/devices.ts'
import { t } from '../staff/text.ts'
import { ringer } from './desk.ts'
import { gradeOf, type Workbench } from './model.ts'

/** How long a microphone may be silent before it counts as not working. */
const SILENCE_MS = 8000
const NOTHING: LocalTracks = { camera: null, microphone: null }
const NONE: Devices = { cameras: [], microphones: [], speakers: [] }

export function DeviceCheck({ workbench }: { workbench: Workbench }) {
  const tracks = useSignal<LocalTracks>(NOTHING)
  const trouble = useSignal<Partial<Record<Source, Trouble>>>({})
  const opening = useSignal(true)
  const devices = useSignal<Devices>(NONE)
  const heard = useSignal(false)
  const silent = useSignal(false)
  const speaker = useSignal<'yes' | 'no' | null>(null)
  const sending = useSignal(false)
  const refused = useSignal<Refused | null>(null)

  useEffect(() => {
    let gone = false
    const open = async () => {
      opening.value = true
      const opened = await openTracks(chosen.peek())
      if (gone) return closeTracks(opened.tracks)
      closeTracks(tracks.peek())
      tracks.value = opened.tracks
      trouble.value = opened.trouble
      opening.value = false
      devices.value = await listDevices()
    }
    const plugged = () => { void listDevices().then((found) => { devices.value = found }) }
    void open()
    navigator.mediaDevices?.addEventListener('devicechange', plugged)
    return () => {
      gone = true
      navigator.mediaDevices?.removeEventListener('devicechange', plugged)
      closeTracks(tracks.peek())
    }
  }, [])
  useEffect(() => {
    heard.value = silent.value = false
    const timer = setTimeout(() => { silent.value = true }, SILENCE_MS)
    return () => clearTimeout(timer)
  }, [tracks.value.microphone])

  const pick = async (source: Source, id: string) => {
    choose({ [source]: id } as Chosen)
    const opened = await openTracks({ [source]: id }, [source])
    tracks.value[source]?.stop()
    tracks.value = { ...tracks.value, [source]: opened.tracks[source] }
    const { [source]: _, ...others } = trouble.value
    trouble.value = { ...others, ...opened.trouble }
  }
  const { camera, microphone } = tracks.value
  const known = !opening.value && (heard.value || silent.value || !microphone)
  const passed = Boolean(camera) && heard.value
  const trip = workbench.link.roundTripMs.value
  const grade = gradeOf(trip)
  const done = async () => {
    sending.value = true
    refused.value = null
    const result = { camera: Boolean(camera), microphone: heard.value, speaker: speaker.value === 'yes' }
    await workbench.checked(result).catch((error: Refused) => { refused.value = error })
    sending.value = false
  }
  const options = (found: MediaDeviceInfo[]) => found.map(({ deviceId, label }, at) => ({ value: deviceId, text: label || `${at + 1}` }))
  const inUse = (track: MediaStreamTrack | null) => track?.getSettings().deviceId ?? ''

  return (
    <Dialog title={t('device.title')} close={() => { workbench.checking.value = null }} wide footer={<>
      <p class="device-verdict" role="status">{known && !passed ? t('device.failed') : known && workbench.checking.value?.thenIdle ? t('device.thenIdle') : ''}</p>
      <Button onClick={() => { workbench.checking.value = null }}>{t('shell.cancel')}</Button>
      <Button kind="primary" disabled={!known} busy={sending.value} data-testid="device-done" onClick={done}>{t(passed ? 'device.done' : 'device.report')}</Button>
    </>}>
      {refused.value && <Notice tone="bad">{either(refused.value.words)}</Notice>}
      <div class="device">
        <div class="device-picture">
          {camera ? <Picture tracks={[camera]} muted mirror name={t('media.self')} /> : <p>{opening.value ? t('visitor.asking') : t('media.selfOff')}</p>}
        </div>
        <div class="device-rows">
          <Row icon={Video} title={t('media.camera')} state={opening.value ? 'wait' : camera ? 'ok' : 'bad'} words={camera ? t('device.cameraOk') : trouble.value.camera ? t(`device.${trouble.value.camera}`) : ''}>
            {devices.value.cameras.length > 1 && <Select label={t('device.pickCamera')} value={inUse(camera)} options={options(devices.value.cameras)} change={(id) => { void pick('camera', id) }} />}
          </Row>
          <Row icon={Mic} title={t('media.microphone')} state={heard.value ? 'ok' : opening.value || (microphone && !silent.value) ? 'wait' : 'bad'}
            words={heard.value ? t('device.microphoneOk') : microphone ? t(silent.value ? 'device.microphoneSilent' : 'device.speak') : trouble.value.microphone ? t(`device.${trouble.value.microphone}`) : ''}>
            {microphone && <Level key={microphone.id} track={microphone} onHeard={() => { heard.value = true }} />}
            {devices.value.microphones.length > 1 && <Select label={t('device.pickMicrophone')} value={inUse(microphone)} options={options(devices.value.microphones)} change={(id) => { void pick('microphone', id) }} />}
          </Row>
          <Row icon={Volume2} title={t('device.speaker')} state={speaker.value === 'yes' ? 'ok' : speaker.value === 'no' ? 'bad' : 'none'} words={t('device.speakerHint')}>
            <div class="device-line">
              <Button size="small" icon={Volume2} data-testid="speaker-tone" onClick={() => { void ringer.once() }}>{t('device.play')}</Button>
              <Choice label={t('device.heardIt')} value={speaker.value} change={(value) => { speaker.value = value }}
                options={[{ value: 'yes', content: t('device.heard'), testid: 'speaker-heard' }, { value: 'no', content: t('device.notHeard') }]} />
            </div>
          </Row>
          <Row icon={Wifi} title={t('device.network')} state={grade === 'unknown' ? 'wait' : grade === 'poor' ? 'bad' : 'ok'}
            words={grade === 'unknown' ? t('device.measuring') : t(`device.network.${grade}`, { ms: trip ?? 0 })} />
        </div>
      </div>
    </Dialog>
  )
}

const MARKS = { ok: CircleCheck, bad: CircleAlert, wait: LoaderCircle }
function Row({ icon: Icon, title, state, words, children }: { icon: LucideIcon; title: string; state: 'ok' | 'bad' | 'wait' | 'none'; words: string; children?: ComponentChildren }) {
  const Mark = state === 'none' ? null : MARKS[state]
  return (
    <section class={`device-row device-${state}`}>
      <header><Icon size={18} aria-hidden="true" /><h3>{title}</h3><span class="grow" />{Mark && <Mark size={18} aria-hidden="true" />}</header>
      <p role="status">{words}</p>
      {children}
    </section>
  )
}
