// The consent box: nobody is filmed or heard before it is ticked.
import { Check } from '../shell/form.tsx'
import { t } from '../shell/text.ts'

export function Consent({ given, missing, change }: { given: boolean; missing: boolean; change: (given: boolean) => void }) {
  return (
    <div class={`consent ${missing ? 'consent-missing' : ''}`}>
      <Check checked={given} change={change} data-testid="consent" aria-describedby="consent-about" {...(missing ? { 'aria-invalid': true as const } : {})}>
        <strong>{t('visitor.consent')}</strong>
      </Check>
      <p id="consent-about" role={missing ? 'alert' : undefined}>{t(missing ? 'visitor.consentFirst' : 'visitor.consentWhy')}</p>
    </div>
  )
}
