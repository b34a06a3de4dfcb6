// What the workbench puts over whatever page its agent looks at: an offer, the device check, calling out, the word that another window has taken over.
import { MonitorX } from 'lucide-preact'
import { Button } from '../shell/button.tsx'
import { Empty } from '../shell/page.tsx'
import { t } from '../staff/text.ts'
import { desk } from './desk.ts'
import { DeviceCheck } from './device-check.tsx'
import { DialDialog } from './dial.tsx'
import { Offer } from './offer.tsx'
import './agent.css'

export function Overlay() {
  const workbench = desk.value
  if (!workbench) return null
  if (workbench.link.endedBy.value === 'replaced') {
    return (
      <div class="replaced" role="alertdialog" aria-label={t('link.replaced')}>
        <Empty icon={MonitorX} title={t('link.replaced')}>{t('link.replacedHint')}</Empty>
        <Button kind="primary" onClick={() => workbench.link.reopen()}>{t('link.useHere')}</Button>
      </div>
    )
  }
  return <><Offer workbench={workbench} />{workbench.dialling.value && <DialDialog workbench={workbench} />}{workbench.checking.value && <DeviceCheck workbench={workbench} />}</>
}
