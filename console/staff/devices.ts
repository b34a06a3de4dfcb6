// Camera, microphone and speaker that were chosen on this machine, whoever of the staff sits at it.
import { signal } from '@preact/signals'
import type { Chosen } from '../call/devices.ts'

const KEY = 'twinline.devices'

function read(): Chosen {
  try { return JSON.parse(localStorage.getItem(KEY) ?? '{}') as Chosen } catch { return {} }
}
export const chosen = signal<Chosen>(read())

/** Takes a choice and remembers it. */
export function choose(device: Chosen): void {
  chosen.value = { ...chosen.value, ...device }
  localStorage.setItem(KEY, JSON.stringify(chosen.value))
}
