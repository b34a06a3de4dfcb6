// Entry of the staff app: start page, sign-in, and the frame around the page that the address names.
import { effect, signal } from '@preact/signals'
import { ShieldX } from 'lucide-preact'
import { render, type ComponentType } from 'preact'
import { Home } from '../home/page.tsx'
import { Button } from '../shell/button.tsx'
import { Frame } from '../shell/frame.tsx'
import { lang } from '../shell/i18n.ts'
import { maySee, navFor } from '../shell/nav.ts'
import { Empty } from '../shell/page.tsx'
import { followLinks, path } from '../shell/route.ts'
import { account, recall, signOut } from '../shell/session.ts'
import { pageTitle, title } from '../shell/title.ts'
import { toastError } from '../shell/toast.tsx'
import { NAV, PAGES, type StaffPage } from './pages.ts'
import { SignIn } from './sign-in.tsx'
import { t } from './text.ts'
import { roleName } from './words.ts'
import '../shell/base.css'
import '../shell/frame.css'
import './staff.css'

const loaded = signal<ReadonlyMap<StaffPage, ComponentType>>(new Map())
/** Fetches the code of a page the first time it is shown. */
function open(page: StaffPage): void {
  page.load().then(({ Page }) => { loaded.value = new Map([...loaded.value, [page, Page]]) }, toastError)
}

/** The workbench's ring and offers: there for every agent on every page. */
const overlay = signal<ComponentType | null>(null)
function followAgent(): void {
  if (!account.value?.agent || overlay.peek()) return
  import('../agent/overlay.tsx').then(({ Overlay }) => { overlay.value = Overlay }, toastError)
}

function leave(): void {
  signOut().catch(toastError)
}

function Body({ page }: { page: StaffPage | undefined }) {
  if (!page) return <Empty icon={ShieldX} title={t('page.missing')}><a href="/">{t('page.home')}</a></Empty>
  if (!maySee(page, account.value?.roles ?? [])) {
    return <Empty icon={ShieldX} title={t('signin.forbidden')}>{t('signin.forbiddenText')}<br /><Button onClick={leave}>{t('signin.other')}</Button></Empty>
  }
  const Page = loaded.value.get(page)
  return Page ? <Page /> : null
}

function App() {
  if (path.value === '/') return <Home />
  const who = account.value
  if (who === undefined) return null
  if (who === null) return <SignIn />
  const Overlay = overlay.value
  const words = { navigation: t('nav.title'), collapse: t('nav.collapse'), menu: t('nav.menu'), signOut: t('nav.signOut'), skip: t('nav.skip') }
  return (
    <Frame groups={navFor(NAV, who.roles)} words={words} signOut={leave}
      account={{ name: who.nickname, about: who.roles.map(roleName).join(' · ') }}>
      {Overlay && <Overlay />}
      <Body page={PAGES.find((page) => page.path === path.value)} />
    </Frame>
  )
}

followLinks()
effect(() => { document.documentElement.lang = lang.value === 'zh' ? 'zh-CN' : 'en' })
effect(() => { pageTitle.value = PAGES.find((page) => page.path === path.value)?.title() ?? '' })
effect(() => { document.title = title.value })
effect(() => {
  const page = PAGES.find((one) => one.path === path.value)
  if (page && account.value && !loaded.peek().has(page)) open(page)
})
effect(() => {
  if (path.value !== '/' && account.value === undefined) recall().catch((error: unknown) => { account.value = null; toastError(error) })
})
effect(followAgent)
render(<App />, document.getElementById('app') as HTMLElement)
