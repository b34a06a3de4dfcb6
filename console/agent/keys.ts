// Keys of the workbench: Alt and a letter, so that they work while something is being typed and mean nothing to a browser.
import { useEffect } from 'preact/hooks'

export const KEYS = { accept: 'A', decline: 'R', mute: 'M', camera: 'C', hangup: 'H' } as const
export type Act = keyof typeof KEYS

/** How a key is written on a button. */
export const keyName = (act: Act): string => `Alt+${KEYS[act]}`

/** Does `acts[x]` when its key is pressed, as long as the component is shown. By place on the keyboard: Alt changes letters on some systems. */
export function useKeys(acts: Partial<Record<Act, () => void>>): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.repeat) return
      const act = (Object.keys(KEYS) as Act[]).find((name) => event.code === `Key${KEYS[name]}`)
      const doing = act && acts[act]
      if (!doing) return
      event.preventDefault()
      doing()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  })
}
