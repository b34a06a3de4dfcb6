// The start page: which door leads where.
import { ArrowUpRight, Headset, Rows3, UsersRound, Video, type LucideIcon } from 'lucide-preact'
import { LanguageSwitch, Mark, ThemeSwitch } from '../shell/frame.tsx'
import { t } from '../staff/text.ts'

const DOORS: { path: string; icon: LucideIcon; key: 'visitor' | 'agent' | 'records' | 'admin'; reload?: true }[] = [
  { path: '/v/web', icon: Video, key: 'visitor', reload: true },
  { path: '/agent', icon: Headset, key: 'agent' },
  { path: '/records', icon: Rows3, key: 'records' },
  { path: '/admin', icon: UsersRound, key: 'admin' },
]

export function Home() {
  return (
    <main class="home">
      <header class="home-top"><Mark /><strong>Twinline</strong><span class="grow" /><LanguageSwitch /><ThemeSwitch /></header>
      <div class="home-lead"><h1>{t('home.lead')}</h1><p>{t('home.choose')}</p></div>
      <div class="home-doors">
        {DOORS.map(({ path, icon: Icon, key, reload }) => (
          <a key={path} class="door" href={path} data-reload={reload}>
            <span class="door-icon"><Icon size={22} aria-hidden="true" /></span>
            <h2>{t(`home.${key}`)}</h2><ArrowUpRight size={18} aria-hidden="true" />
            <p>{t(`home.${key}Text`)}</p>
            <code>{path}</code>
          </a>
        ))}
      </div>
      <p class="home-first">{t('home.first')}</p>
    </main>
  )
}
