// Cameras, microphones and speakers of this machine: opened, listed, measured; what fails gets a name that pages have words for.
import type { LocalTracks, Source } from '../media.ts'

/** Why a device cannot be used. `refused`: by the person or the browser; `busy`: another program holds it. */
export type Trouble = 'insecure' | 'unsupported' | 'refused' | 'missing' | 'busy' | 'other'
export interface Devices { cameras: MediaDeviceInfo[]; microphones: MediaDeviceInfo[]; speakers: MediaDeviceInfo[] }
/** Devices chosen by their id; the system's default where none is named. */
export type Chosen = Partial<Record<Source | 'speaker', string>>
export interface Opened { tracks: LocalTracks; trouble: Partial<Record<Source, Trouble>> }

const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true }
const PICTURE = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } }

function troubleOf(error: unknown): Trouble {
  switch ((error as DOMException).name) {
    case 'NotAllowedError': case 'SecurityError': return 'refused'
    case 'NotFoundError': case 'OverconstrainedError': return 'missing'
    case 'NotReadableError': case 'AbortError': return 'busy'
    default: return 'other'
  }
}

/**
 * Opens camera and microphone with one question to the person; when that fails, each alone, so that one missing device does not
 * cost the other. A chosen device that was unplugged is replaced by the default one. Never rejects.
 */
export async function openTracks(chosen: Chosen = {}, sources: readonly Source[] = ['microphone', 'camera']): Promise<Opened> {
  const opened: Opened = { tracks: { microphone: null, camera: null }, trouble: {} }
  const cannot: Trouble | null = !globalThis.isSecureContext ? 'insecure' : !navigator.mediaDevices?.getUserMedia ? 'unsupported' : null
  const open = async (wanted: readonly Source[]) => {
    const wish = (source: Source, constraints: MediaTrackConstraints) =>
      wanted.includes(source) && { ...constraints, ...(chosen[source] ? { deviceId: { ideal: chosen[source] } } : {}) }
    const stream = await navigator.mediaDevices.getUserMedia({ audio: wish('microphone', SOUND), video: wish('camera', PICTURE) })
    opened.tracks.microphone ??= stream.getAudioTracks()[0] ?? null
    opened.tracks.camera ??= stream.getVideoTracks()[0] ?? null
  }
  if (!cannot && sources.length > 1 && await open(sources).then(() => true, () => false)) return opened
  for (const source of sources) {
    if (cannot) opened.trouble[source] = cannot
    else await open([source]).catch((error: unknown) => { opened.trouble[source] = troubleOf(error) })
  }
  return opened
}

/** Lets go of the devices: their lights go out. */
export function closeTracks(tracks: LocalTracks | null): void {
  tracks?.camera?.stop()
  tracks?.microphone?.stop()
}

/** What is plugged in. Names are known only after a permission was given. */
export async function listDevices(): Promise<Devices> {
  const all = await navigator.mediaDevices?.enumerateDevices() ?? []
  const kind = (wanted: MediaDeviceKind) => all.filter((device) => device.kind === wanted && device.deviceId !== '')
  return { cameras: kind('videoinput'), microphones: kind('audioinput'), speakers: kind('audiooutput') }
}

/** How loud a microphone is, 0 to 1 on a scale that suits the ear, about twenty times a second. Returns the stop. */
export function watchLevel(track: MediaStreamTrack, level: (value: number) => void): () => void {
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  analyser.fftSize = 1024
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  // A context made before anyone touched the page sleeps until someone does.
  const wake = () => { void context.resume() }
  if (context.state === 'suspended') { wake(); addEventListener('pointerdown', wake, { once: true }) }
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples)
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length
    const decibels = 10 * Math.log10(power + 1e-9)
    level(Math.min(1, Math.max(0, (decibels + 60) / 50)))
  }, 50)
  return () => {
    clearInterval(timer)
    removeEventListener('pointerdown', wake)
    void context.close()
  }
}
