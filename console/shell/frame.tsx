// The frame of every staff page: rail with groups at the left, bar with language, theme and account at the top.
import { signal } from '@preact/signals'
import { Languages, LogOut, Menu, Monitor, Moon, PanelLeft, Sun } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { Count } from './badge.tsx'
import { Button } from './button.tsx'
import { lang, speak } from './i18n.ts'
import type { NavGroup } from './nav.ts'
import { path } from './route.ts'
import { t } from './text.ts'
import { dress, theme, type Theme } from './theme.ts'
import { Toasts } from './toast.tsx'

const KEY = 'twinline.rail'
const narrow = signal(globalThis.localStorage?.getItem(KEY) === 'narrow')
const drawer = signal(false)

export const LanguageSwitch = () => (
  <Button kind="quiet" icon={Languages} title={t('shell.languageTitle')} data-testid="language" onClick={() => speak(lang.value === 'zh' ? 'en' : 'zh')}>{t('shell.language')}</Button>
)

const THEMES: Record<Theme, { icon: typeof Sun; next: Theme }> = {
  system: { icon: Monitor, next: 'light' }, light: { icon: Sun, next: 'dark' }, dark: { icon: Moon, next: 'system' },
}
export const ThemeSwitch = () => (
  <Button kind="quiet" icon={THEMES[theme.value].icon} label={t(`shell.theme.${theme.value}`)} data-testid="theme" onClick={() => dress(THEMES[theme.value].next)} />
)

export const Mark = () => <img class="mark" src="/mark.svg" alt="" width="28" height="28" />

interface FrameProps {
  groups: readonly NavGroup[]
  words: { navigation: string; collapse: string; menu: string; signOut: string; skip: string }
  account: { name: string; about: string } | null
  signOut: () => void
  children: ComponentChildren
}

export function Frame({ groups, words, account, signOut, children }: FrameProps) {
  const shrink = () => {
    narrow.value = !narrow.value
    localStorage.setItem(KEY, narrow.value ? 'narrow' : 'wide')
  }
  const page = groups.flatMap((group) => group.pages).find((one) => one.path === path.value)
  return (
    <div class={`frame ${narrow.value ? 'frame-narrow' : ''} ${drawer.value ? 'frame-drawer' : ''}`}>
      <a class="skip" href="#content" data-reload>{words.skip}</a>
      <aside class="rail">
        <a class="rail-brand" href="/"><Mark /><span>Twinline</span></a>
        <nav aria-label={words.navigation} onClick={() => { drawer.value = false }}>
          {groups.map((group) => (
            <section key={group.pages[0]?.path}>
              <h2>{group.title()}</h2>
              {group.pages.map(({ path: to, icon: Icon, title, badge }) => (
                <a key={to} href={to} aria-current={to === path.value ? 'page' : undefined} title={title()}>
                  <Icon size={18} aria-hidden="true" /><span>{title()}</span>
                  {badge && badge.value > 0 && <Count value={badge.value} label={title()} />}
                </a>
              ))}
            </section>
          ))}
        </nav>
        <Button class="rail-shrink" kind="quiet" icon={PanelLeft} label={words.collapse} aria-pressed={narrow.value} onClick={shrink} />
      </aside>
      <div class="rail-shade" onClick={() => { drawer.value = false }} />
      <header class="top">
        <Button class="top-menu" kind="quiet" icon={Menu} label={words.menu} aria-expanded={drawer.value} onClick={() => { drawer.value = !drawer.value }} />
        <h1>{page?.title() ?? 'Twinline'}</h1>
        <span class="grow" />
        <LanguageSwitch />
        <ThemeSwitch />
        {account && (
          <div class="account">
            <span class="avatar" aria-hidden="true">{[...account.name][0]}</span>
            <span class="account-name">{account.name}<small>{account.about}</small></span>
            <Button kind="quiet" icon={LogOut} label={words.signOut} data-testid="sign-out" onClick={signOut} />
          </div>
        )}
      </header>
      <main id="content" class="content" tabIndex={-1}>{children}</main>
      <Toasts />
    </div>
  )
}
