// The ring: a soft chord made by WebAudio, so that no file is loaded and no network is needed at the moment it counts.
import { signal } from '@preact/signals'

/** E5, G♯5, B5, E6: rising, bright enough to be heard across a room, without the edge of an alarm. */
const CHORD_HZ = [659.26, 830.61, 987.77, 1318.51]
const NOTE_EVERY_S = 0.13
const PHRASE_MS = 2400

export function makeRinger() {
  /** Whether the browser lets this page sound. It does so once somebody has pressed something on it. */
  const armed = signal(false)
  let context: AudioContext | null = null
  let timer: ReturnType<typeof setInterval> | undefined

  /** Asks the browser for leave to sound; call it from a press. */
  async function arm(): Promise<void> {
    context ??= new AudioContext()
    context.onstatechange = () => { armed.value = context?.state === 'running' }
    await context.resume().catch(() => { /* stays blocked; the red bar says so */ })
    armed.value = context.state === 'running'
  }

  function phrase(): void {
    if (context?.state !== 'running') return
    const start = context.currentTime + 0.02
    CHORD_HZ.forEach((hz, at) => {
      const [from, gain, tone] = [start + at * NOTE_EVERY_S, context!.createGain(), context!.createOscillator()]
      tone.type = 'triangle'
      tone.frequency.value = hz
      gain.gain.setValueAtTime(0, from)
      gain.gain.linearRampToValueAtTime(0.22, from + 0.012)
      gain.gain.exponentialRampToValueAtTime(0.0005, from + 0.9)
      tone.connect(gain).connect(context!.destination)
      tone.start(from)
      tone.stop(from + 0.95)
    })
  }

  return {
    armed, arm,
    /** One phrase, for trying the speaker. */
    once: async () => { await arm(); phrase() },
    start(): void {
      if (timer) return
      phrase()
      timer = setInterval(phrase, PHRASE_MS)
    },
    stop(): void {
      clearInterval(timer)
      timer = undefined
    },
  }
}
export type Ringer = ReturnType<typeof makeRinger>
