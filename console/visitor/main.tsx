// Entry of the visitor page, /v/<access point>: full screen on a phone, in a frame of a web site, or in a window of its own.
import { effect } from '@preact/signals'
import { render } from 'preact'
import type { VisitorMessage, VisitorPush } from '#wire/messages.ts'
import { closeTracks, openTracks } from '../call/devices.ts'
import { openLink, socketUrl } from '../link.ts'
import { api } from '../shell/api.ts'
import { lang } from '../shell/i18n.ts'
import { t } from '../shell/text.ts'
import { makeVisitor } from './model.ts'
import { Page } from './page.tsx'
import '../shell/base.css'
import './visitor.css'

const access = decodeURIComponent(location.pathname.split('/')[2] ?? '')
const KEY = `twinline.visit.${access}`
/** The secret by which the engine knows this browser again: its attempts are one contact, and a lost place is found. */
const VISITOR = 'twinline.visitor'
const kept = (storage: () => Storage, key: string) => ({
  get: () => { try { return storage().getItem(key) } catch { return null } },
  set: (value: string | null) => { try { if (value === null) storage().removeItem(key); else storage().setItem(key, value) } catch { /* a reload begins anew */ } },
})
const visitorKey = kept(() => localStorage, VISITOR)

const visitor = makeVisitor({
  visit: async () => {
    const known = visitorKey.get()
    const visit = await api<{ token: string; visitor: string }>('POST', '/api/visits', { access, ...(known ? { visitor: known } : {}) })
    visitorKey.set(visit.visitor)
    return visit
  },
  link: (token, heard) => openLink<VisitorMessage, VisitorPush>({ url: socketUrl('/ws/visitor'), hello: () => ({ type: 'hello', token }), heard }),
  keep: kept(() => sessionStorage, KEY),
  open: openTracks,
  release: closeTracks,
  load: () => import('../media.ts').then(({ CallMedia }) => (options) => new CallMedia(options)),
})

effect(() => {
  document.documentElement.lang = lang.value === 'zh' ? 'zh-CN' : 'en'
  document.title = t('visitor.title')
})
addEventListener('pagehide', () => visitor.closing())
render(<Page visitor={visitor} />, document.getElementById('app') as HTMLElement)
void visitor.begin()
