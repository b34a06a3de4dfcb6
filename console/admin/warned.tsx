// All that will be regretted about the draft, each with what it is about.
import type { Draft } from './draft.ts'
import { Warnings } from './parts.tsx'
import { t } from './text.ts'

export function Warned({ draft, title }: { draft: Draft; title: string }) {
  if (draft.warnings.value.length === 0) return null
  return (
    <>
      <p><b>{title}</b></p>
      <ul class="warned">{draft.warnings.value.map((warning) => <li key={`${warning.on} ${warning.code}`}><span class="quiet">{subject(draft, warning.on)}</span><Warnings warnings={[warning]} /></li>)}</ul>
    </>
  )
}

/** What a warning is about, by name. */
function subject(draft: Draft, on: string): string {
  const [part = '', id = ''] = on.split('/')
  const plan = draft.plan.value
  const things = part === 'groups' ? plan?.groups : part === 'rules' ? plan?.rules : part === 'hours' ? plan?.hours : part === 'access' ? plan?.access : undefined
  const thing = (things as readonly { id: string; name: string }[] | undefined)?.find((one) => one.id === id)
  return [part === 'timers' ? t('admin.timers') : t(`admin.part.${part as 'groups'}`), thing?.name ?? ''].filter(Boolean).join(' · ')
}
