// Starts a guest's page, /g#TOKEN: the token stays in the address, so that a reload is back in the call.
import { effect } from '@preact/signals'
import { render } from 'preact'
import type { GuestMessage, GuestPush } from '#wire/messages.ts'
import { closeTracks, openTracks } from '../call/devices.ts'
import { openLink, socketUrl } from '../link.ts'
import { t } from '../shell/text.ts'
import { makeGuest } from './model.ts'
import { Page } from './page.tsx'

export function start(): void {
  const token = location.hash.slice(1)
  const guest = makeGuest({
    link: (heard) => openLink<GuestMessage, GuestPush>({ url: socketUrl('/ws/guest'), hello: () => ({ type: 'hello', token }), heard }),
    open: openTracks,
    release: closeTracks,
    load: () => import('../media.ts').then(({ CallMedia }) => (options) => new CallMedia(options)),
  })
  effect(() => { document.title = t('guest.title') })
  // Another link pasted into the same window is another guest.
  addEventListener('hashchange', () => location.reload())
  render(<Page guest={guest} />, document.getElementById('app') as HTMLElement)
}
