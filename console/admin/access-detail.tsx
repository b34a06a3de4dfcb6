// One access point: what visitors see of it, who may show it, and the IM account it is linked to.
import type { PlanAccess } from '#events/plan.ts'
import { en } from '../text/en.ts'
import { zh } from '../text/zh.ts'
import { Button } from '../shell/button.tsx'
import { Check, Field, Select } from '../shell/form.tsx'
import { Host } from './access-host.tsx'
import type { Draft } from './draft.ts'
import { put, removeAccess } from './edit.ts'
import { PairFields, Text } from './fields.tsx'
import { Remove, Section } from './parts.tsx'
import { SiteFiles } from './site-files.tsx'
import { t } from './text.ts'
import { wayOf, type Ways } from './ways.ts'

const IM_FIELDS = ['appName', 'appId', 'tenantId', 'serviceNumber', 'configId'] as const
/** The page's own colour, where none is chosen. */
const OWN_THEME = '#1c5ccc'

export function AccessDetail({ draft, ways, access }: { draft: Draft; ways: Ways; access: PlanAccess }) {
  const plan = draft.plan.value!
  const { id } = access
  const way = wayOf(access)
  const set = (change: { [K in keyof PlanAccess]?: PlanAccess[K] | undefined }) => draft.change((now) => put(now, 'access', id, change))
  const fault = (field: string) => draft.faults.value.get(`access/${id}/${field}`)
  const saved = draft.base.value?.access.find((one) => one.id === id)
  const origins = (text: string) => {
    const lines = text.split('\n').map((line) => line.trim())
    // An empty last line is somebody about to write one.
    return lines.every((line) => !line) ? undefined : lines.filter((line, at) => line || at < lines.length - 1)
  }
  return (
    <div class="stack">
      <Section title={t('admin.basics')} actions={<Remove what={access.name} text={t('admin.removeAccessText')} remove={() => draft.change((now) => removeAccess(now, id))} />}>
        <Check checked={access.enabled} change={(enabled) => set({ enabled })} data-testid="access-enabled"><b>{t('admin.enabled')}</b> <span class="quiet">{t('admin.enabledText')}</span></Check>
        <div class="columns">
          <Text label={t('admin.name')} hint={t('admin.accessNameHint')} value={access.name} maxLength={100} change={(name) => set({ name })} fault={fault('name')} data-testid="access-name" />
          <Select label={t('admin.hours')} value={access.hours ?? ''} change={(value) => set({ hours: value || undefined })} options={[{ value: '', text: t('admin.alwaysOpen') }, ...(plan.hours ?? []).map(({ id: value, name: text }) => ({ value, text }))]} />
          <Select label={t('admin.language')} value={access.language ?? 'auto'} change={(value) => set({ language: value === 'auto' ? undefined : value as 'zh' | 'en' })}
            options={[{ value: 'auto', text: t('admin.languageAuto') }, { value: 'zh', text: '中文' }, { value: 'en', text: 'English' }]} />
          <Field label={t('admin.theme')}>
            {(ids) => (
              <span class="colour">
                <input {...ids} type="color" value={access.theme ?? OWN_THEME} onInput={(event) => set({ theme: event.currentTarget.value })} />
                <code>{access.theme ?? t('admin.themeOwn')}</code>
                {access.theme && <Button kind="quiet" size="small" onClick={() => set({ theme: undefined })}>{t('admin.themeReset')}</Button>}
              </span>
            )}
          </Field>
        </div>
        <PairFields label={t('admin.greeting')} value={access.greeting} own={{ zh: zh['visitor.hello'], en: en['visitor.hello'] }} change={(greeting) => set({ greeting })} />
      </Section>
      {access.im && (
        <Section title={t('admin.im')} about={t('admin.imText')}>
          <div class="columns">
            {IM_FIELDS.map((field) => (
              <Text key={field} label={t(`admin.im.${field}`)} value={access.im![field]} maxLength={128} change={(value) => set({ im: { ...access.im!, [field]: value } })} fault={fault(`im/${field}`)} data-testid={`im-${field}`} />
            ))}
          </div>
        </Section>
      )}
      {(way === 'web' || way === 'h5') && (
        <Section title={t('admin.origins')} about={t('admin.originsText')}>
          <Text label={t('admin.originsLabel')} rows={3} placeholder="https://www.example.com" value={(access.origins ?? []).join('\n')} change={(text) => set({ origins: origins(text) })} fault={fault('origins')} data-testid="access-origins" />
        </Section>
      )}
      <Host ways={ways} access={access} way={way} saved={saved !== undefined}>
        <Check checked={access.signed ?? false} change={(on) => set({ signed: on || undefined })} data-testid="access-signed"><b>{t('admin.signed')}</b> <span class="quiet">{t('admin.signedText')}</span></Check>
      </Host>
      {way === 'mini' && <SiteFiles ways={ways} />}
    </div>
  )
}
