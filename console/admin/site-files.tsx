// For mini programs: the domain verification file at the site's root, and what only a company account can do.
import { useSignal } from '@preact/signals'
import { ExternalLink, Upload, X } from 'lucide-preact'
import { useRef } from 'preact/hooks'
import { Button } from '../shell/button.tsx'
import { dateTime } from '../shell/i18n.ts'
import { toast, toastError } from '../shell/toast.tsx'
import { Section } from './parts.tsx'
import { t } from './text.ts'
import type { Ways } from './ways.ts'

export function SiteFiles({ ways }: { ways: Ways }) {
  const input = useRef<HTMLInputElement>(null)
  const fault = useSignal<'name' | 'size' | null>(null)
  const upload = async (file: File | undefined) => {
    if (!file) return
    try {
      const said = await ways.upload(file.name, await file.text())
      fault.value = said === 'uploaded' ? null : said
      if (said === 'uploaded') toast('ok', t('admin.fileUploaded', { name: file.name }))
    } catch (error) {
      toastError(error)
    }
    if (input.current) input.current.value = ''
  }
  return (
    <>
      <Section title={t('admin.siteFiles')} about={t('admin.siteFilesText')}>
        <ul class="persons">
          {ways.files.value?.map(({ name, uploadedAt, uploadedBy }) => (
            <li key={name}>
              <a class="persons-name access-link" href={`/${name}`} target="_blank" rel="noreferrer"><code>/{name}</code><ExternalLink size={14} aria-hidden="true" /></a>
              <span class="quiet">{dateTime(uploadedAt)} · {uploadedBy}</span>
              <Button kind="quiet" size="small" icon={X} label={t('admin.removeFile', { name })} onClick={() => { ways.remove(name).catch(toastError) }} />
            </li>
          ))}
        </ul>
        <div>
          <input ref={input} type="file" accept=".txt,text/plain" class="unseen" tabIndex={-1} aria-hidden="true" data-testid="site-file" onChange={(event) => void upload(event.currentTarget.files?.[0])} />
          <Button icon={Upload} busy={ways.busy.value} onClick={() => input.current?.click()}>{t('admin.uploadFile')}</Button>
        </div>
        {fault.value && <p class="field-error" role="alert">{t(`admin.fileFault.${fault.value}`)}</p>}
      </Section>
      <Section title={t('admin.company')} about={t('admin.companyText')}>
        <ol class="steps">{t('admin.companySteps').split('\n').map((step) => <li key={step}>{step}</li>)}</ol>
      </Section>
    </>
  )
}
