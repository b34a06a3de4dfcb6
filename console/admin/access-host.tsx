// What the host of an access point needs: its address, code to put in, and the secret with which it signs what it says of visitors.
import { Download, ExternalLink, KeyRound } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import type { PlanAccess } from '#events/plan.ts'
import { Button } from '../shell/button.tsx'
import { Dialog } from '../shell/dialog.tsx'
import { dateTime } from '../shell/i18n.ts'
import { Notice } from '../shell/page.tsx'
import { toastError } from '../shell/toast.tsx'
import { Copied } from './copied.tsx'
import { Section } from './parts.tsx'
import { t } from './text.ts'
import type { Way, Ways } from './ways.ts'

/** Samples by way in: the kind the engine knows, and what it is for. */
const SAMPLES = { web: ['snippet'], h5: [], app: ['webview-android', 'wkwebview-ios'], mini: ['miniprogram'] } as const

interface HostProps { ways: Ways; access: PlanAccess; way: Way; saved: boolean; children: ComponentChildren }
export function Host({ ways, access, way, saved, children }: HostProps) {
  const { id } = access
  const kept = ways.kept.value.get(id)
  const link = kept?.link ?? `${location.origin}/v/${encodeURIComponent(id)}`
  const snippet = `<script src="${new URL(link).origin}/widget.js?access=${encodeURIComponent(id)}" async></script>`
  return (
    <Section title={t('admin.host')} about={t(`admin.hostText.${way}`)}>
      {!saved && <Notice tone="accent">{t('admin.saveFirst')}</Notice>}
      {way === 'web' && <div class="code-line"><code data-testid="snippet">{snippet}</code><Copied text={snippet} label={t('admin.copySnippet')} testid="copy-snippet" /></div>}
      <div class="code-line">
        <a href={link} target="_blank" rel="noreferrer" class="access-link"><code>{link}</code><ExternalLink size={14} aria-hidden="true" /></a>
        <Copied text={link} label={t('members.copy')} testid="copy-link" />
      </div>
      {access.appId && <dl class="facts"><dt>APP_ID</dt><dd><code>{access.appId}</code></dd></dl>}
      {saved && SAMPLES[way].length > 0 && (
        <div class="chips">
          {SAMPLES[way].map((kind) => <a key={kind} class="button button-small" href={`/api/access/${encodeURIComponent(id)}/sample?kind=${kind}`} download data-testid={`sample-${kind}`}><Download size={17} aria-hidden="true" /><span>{t(`admin.sample.${kind}`)}</span></a>)}
        </div>
      )}
      {children}
      {saved && (
        <div class="line">
          <span>{kept?.secret ? t('admin.secretSince', { time: dateTime(kept.secret.createdAt), name: kept.secret.createdBy }) : t('admin.noSecret')}</span>
          <Button size="small" icon={KeyRound} busy={ways.busy.value} data-testid="secret" onClick={() => { ways.issue(id, access.appId ?? null).catch(toastError) }}>{t(kept?.secret ? 'admin.replaceSecret' : 'admin.makeSecret')}</Button>
        </div>
      )}
    </Section>
  )
}

/** The secret, shown this once. */
export function SecretDialog({ ways }: { ways: Ways }) {
  const shown = ways.shown.value
  if (!shown) return null
  const close = () => { ways.shown.value = null }
  return (
    <Dialog title={t('admin.secret')} close={close} footer={<Button kind="primary" data-testid="secret-kept" onClick={close}>{t('admin.secretKept')}</Button>}>
      <div class="form">
        <Notice tone="warn">{t('admin.secretOnce')}</Notice>
        <dl class="facts">
          <dt>{t('admin.accessId')}</dt><dd><code>{shown.access}</code></dd>
          {shown.appId && <><dt>APP_ID</dt><dd><code>{shown.appId}</code></dd></>}
          <dt>{t('admin.secret')}</dt><dd><code data-testid="secret-text">{shown.secret}</code></dd>
        </dl>
        <div><Copied text={shown.secret} label={t('admin.copySecret')} testid="copy-secret" /></div>
      </div>
    </Dialog>
  )
}
