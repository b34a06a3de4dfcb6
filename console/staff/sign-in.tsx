// Signing in: stands in place of any staff page until somebody has.
import { useSignal } from '@preact/signals'
import { LanguageSwitch, Mark, ThemeSwitch } from '../shell/frame.tsx'
import { Button } from '../shell/button.tsx'
import { TextField } from '../shell/form.tsx'
import { either } from '../shell/i18n.ts'
import { Notice } from '../shell/page.tsx'
import type { Refused } from '../shell/refused.ts'
import { signIn } from '../shell/session.ts'
import { t } from './text.ts'

export function SignIn() {
  const name = useSignal('')
  const password = useSignal('')
  const tried = useSignal(false)
  const busy = useSignal(false)
  const refused = useSignal<Refused | null>(null)

  const submit = async (event: Event) => {
    event.preventDefault()
    tried.value = true
    if (!name.value.trim() || !password.value) return
    busy.value = true
    refused.value = null
    try { await signIn(name.value.trim(), password.value) } catch (error) { refused.value = error as Refused } finally { busy.value = false }
  }
  return (
    <main class="signin">
      <div class="signin-tools"><LanguageSwitch /><ThemeSwitch /></div>
      <form class="signin-card" onSubmit={submit} noValidate>
        <Mark />
        <h1>{t('signin.title')}</h1>
        {refused.value && <Notice tone="bad" data-testid="sign-in-error">{either(refused.value.words)}</Notice>}
        <TextField label={t('signin.name')} value={name} name="username" autocomplete="username" autoFocus maxLength={100} data-testid="name"
          error={tried.value && !name.value.trim() ? t('signin.needName') : undefined} />
        <TextField label={t('signin.password')} value={password} type="password" name="password" autocomplete="current-password" maxLength={200} data-testid="password"
          error={tried.value && !password.value ? t('signin.needPassword') : undefined} />
        <Button kind="primary" type="submit" size="large" busy={busy.value} data-testid="sign-in">{t('signin.submit')}</Button>
      </form>
    </main>
  )
}
