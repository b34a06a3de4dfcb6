// The second hand of a page: one timer for everything that shows time passing, none while nothing does.
import { computed, signal } from '@preact/signals'

/** Milliseconds to add to this machine's clock to get the engine's; kept by the link. */
export const clockOffsetMs = signal(0)

/**
 * Takes the engine's time from an answer: asked for at `sentAt`, there at `heardAt` (this machine's clock). The offset lies between
 * the two; it moves only when it is known to be wrong, so that what shows time passing does not jump with every answer.
 */
export function hearClock(engineAt: number, sentAt: number, heardAt: number): void {
  clockOffsetMs.value = Math.min(Math.max(clockOffsetMs.peek(), engineAt - heardAt), engineAt - sentAt)
}

let timer: ReturnType<typeof setInterval> | undefined
const beat = signal(Date.now(), {
  watched() {
    beat.value = Date.now()
    timer = setInterval(() => { beat.value = Date.now() }, 250)
  },
  unwatched() { clearInterval(timer) },
})

/** The engine's time, UTC ms, four times a second while someone is looking at it. */
export const engineNow = computed(() => beat.value + clockOffsetMs.value)
