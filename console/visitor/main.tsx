// Entry of the pages for people outside: the visitor's, /v/<access point>, and a guest's, /g. Full screen on a phone, in a frame of a web site, or in a window of its own.
import { effect } from '@preact/signals'
import { render } from 'preact'
import type { VisitorMessage, VisitorPush } from '#wire/messages.ts'
import { makeRinger } from '../agent/ring.ts'
import { closeTracks, openTracks } from '../call/devices.ts'
import { openLink, socketUrl } from '../link.ts'
import { api } from '../shell/api.ts'
import { lang } from '../shell/i18n.ts'
import type { Refused } from '../shell/refused.ts'
import { t } from '../shell/text.ts'
import { toastError } from '../shell/toast.tsx'
import { arrival } from './arrival.ts'
import { dress } from './dress.ts'
import { makeVisitor } from './model.ts'
import { Page } from './page.tsx'
import '../shell/base.css'
import './visitor.css'

const kept = (storage: () => Storage, key: string) => ({
  get: () => { try { return storage().getItem(key) } catch { return null } },
  set: (value: string | null) => { try { if (value === null) storage().removeItem(key); else storage().setItem(key, value) } catch { /* a reload begins anew */ } },
})

effect(() => { document.documentElement.lang = lang.value === 'zh' ? 'zh-CN' : 'en' })
if (location.pathname.startsWith('/v/')) visit()
else import('../guest/start.tsx').then(({ start }) => start(), toastError)

function visit(): void {
  const { access, called, host, clean } = arrival(new URL(location.href))
  // Neither a link nor what the host says stays in the history of a shared computer.
  if (clean) history.replaceState(null, '', clean)
  /** The secret by which the engine knows this browser again: its attempts are one contact, and a lost place is found. */
  const visitorKey = kept(() => localStorage, 'twinline.visitor')
  const keep = kept(() => sessionStorage, `twinline.visit.${access}`)
  // A host that says anew who comes begins anew; a call under way is found again by the visitor.
  if (host) keep.set(null)
  const ringer = makeRinger()
  /** Good for minutes: it is shown once more only where an access point insists on it. */
  let says = host

  const begin = async (token: string | null) => {
    const known = visitorKey.get()
    const visit = await api<{ token: string; visitor: string; access?: unknown }>('POST', '/api/visits', { access, ...(known ? { visitor: known } : {}), ...(token ? { host: token } : {}) })
    visitorKey.set(visit.visitor)
    return visit
  }
  let visits = 0
  const visitor = makeVisitor({
    visit: async () => {
      const first = visits === 0
      const visit = await begin(says).catch((error: Refused) => {
        // What the host said has aged since this page was opened: a later visit goes on without it.
        if (first || !says || error.code !== 'bad_token') throw error
        says = null
        return begin(null)
      })
      visits++
      return visit
    },
    called,
    link: (token, heard) => openLink<VisitorMessage, VisitorPush>({ url: socketUrl('/ws/visitor'), hello: () => ({ type: 'hello', token }), heard }),
    keep,
    keepLook: kept(() => localStorage, `twinline.look.${access}`),
    ring: ringer,
    open: openTracks,
    release: closeTracks,
    load: () => import('../media.ts').then(({ CallMedia }) => (options) => new CallMedia(options)),
  })

  const chosenLanguage = kept(() => localStorage, 'twinline.lang')
  effect(() => {
    const language = visitor.look.value?.language
    if ((language === 'zh' || language === 'en') && chosenLanguage.get() === null) lang.value = language
  })
  effect(() => { document.title = visitor.look.value?.name || t('visitor.title') })
  dress(visitor.look)
  // A browser lets a page sound after any press on it: a call that comes later is then heard.
  addEventListener('pointerdown', () => void ringer.arm(), { once: true })
  addEventListener('pagehide', () => visitor.closing())
  render(<Page visitor={visitor} />, document.getElementById('app') as HTMLElement)
  void visitor.begin()
}
