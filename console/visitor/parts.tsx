// What the visitor's and the guest's page share: the head, notes in place of a page, news of a lost link, a screen kept awake.
import { Languages, type LucideIcon } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import type { PartyView } from '#wire/messages.ts'
import { Button } from '../shell/button.tsx'
import { lang, speak } from '../shell/i18n.ts'
import { Notice } from '../shell/page.tsx'
import { t } from '../shell/text.ts'

export function Head({ title }: { title: string }) {
  return (
    <header class="visit-top">
      <img src="/mark.svg" alt="" width="26" height="26" /><strong>{title}</strong><span class="grow" />
      <Button kind="quiet" size="small" icon={Languages} title={t('shell.languageTitle')} data-testid="language" onClick={() => speak(lang.value === 'zh' ? 'en' : 'zh')}>{t('shell.language')}</Button>
    </header>
  )
}

/** A bar for news that concern whatever is shown. */
export const News = ({ children, soon, ...rest }: { children: ComponentChildren; soon?: boolean; 'data-testid'?: string }) => <div class={`visit-lost ${soon ? 'visit-soon' : ''}`}><Notice tone="warn" {...rest}>{children}</Notice></div>

/** Most lost links are back before anybody need know. */
export const Lost = () => <News soon data-testid="offline">{t('link.offline')}</News>

export function Note({ icon: Icon, title, text, hint, children }: { icon: LucideIcon; title: string; text?: string; hint?: string; children?: ComponentChildren }) {
  return <div class="visit-note"><Icon size={36} strokeWidth={1.5} aria-hidden="true" /><h1>{title}</h1>{text && <p>{text}</p>}{hint && <p class="quiet">{hint}</p>}{children}</div>
}

/** What each of the others is called here, by participant. Whoever has no name is called by his role. */
export const partyNames = (parties: readonly PartyView[]): Map<string, string> =>
  new Map(parties.filter(({ name }) => name).map(({ participant, role, name }) => [participant, role === 'agent' ? t('visitor.withAgent', { name }) : name]))

/** Keeps a phone's screen from going dark while somebody waits or talks. */
export function useAwake(wanted: boolean): void {
  useEffect(() => {
    if (!wanted || !('wakeLock' in navigator)) return
    let lock: WakeLockSentinel | null = null
    let done = false
    const take = () => {
      if (document.visibilityState !== 'visible') return
      navigator.wakeLock.request('screen').then((got) => { if (done) void got.release(); else lock = got }, () => { /* low battery: the screen may go dark */ })
    }
    take()
    // The browser lets go when the page is hidden; coming back takes it again.
    document.addEventListener('visibilitychange', take)
    return () => { done = true; document.removeEventListener('visibilitychange', take); void lock?.release() }
  }, [wanted])
}
