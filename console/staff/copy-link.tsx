// A link to hand on: shown whole, copied by a press.
import { Check, Copy } from 'lucide-preact'
import { useSignal } from '@preact/signals'
import { Button } from '../shell/button.tsx'
import { t } from './text.ts'
import './staff.css'

/** `link` may be a path of this server: what is copied is the whole address. */
export function CopyLink({ link, label }: { link: string; label: string }) {
  const copied = useSignal(false)
  const address = new URL(link, location.href).href
  const copy = async (event: Event) => {
    const input = (event.currentTarget as HTMLElement).parentElement?.querySelector('input')
    // Without HTTPS there is no clipboard: then it is marked for the keys.
    await (navigator.clipboard?.writeText(address) ?? Promise.reject(new Error('no clipboard'))).then(() => { copied.value = true }, () => input?.select())
  }
  return (
    <div class="copy-link">
      <input class="input" readOnly value={address} aria-label={label} data-testid="link" onFocus={(event) => event.currentTarget.select()} />
      <Button icon={copied.value ? Check : Copy} data-testid="copy-link" onClick={(event) => { void copy(event) }}>{copied.value ? t('link.copied') : t('link.copy')}</Button>
    </div>
  )
}
