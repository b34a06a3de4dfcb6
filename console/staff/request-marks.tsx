// What stands by a request wherever staff see one: what kind it is, whether it is urgent, what is known of the visitor.
import { Flame, PhoneForwarded, PhoneOutgoing, UserRoundCheck } from 'lucide-preact'
import type { QueueRow } from '#wire/messages.ts'
import { Badge } from '../shell/badge.tsx'
import { attributeName, planWords } from './plan-words.ts'
import { t } from './text.ts'
import './staff.css'

/** From this priority on a request is urgent, 加急. */
const URGENT = 100
export const isUrgent = ({ priority }: { priority: number }): boolean => priority >= URGENT

type Marked = Pick<QueueRow, 'direction' | 'priority'> & { sticky?: string | null; ringing?: boolean }
/** Badges of a request. `stickyTo`: for whom it waits, where that is not the reader. */
export function Marks({ row, stickyTo }: { row: Marked; stickyTo?: string }) {
  return (
    <>
      {isUrgent(row) && <Badge tone="bad"><Flame size={12} aria-hidden="true" />{t('mark.urgent')}</Badge>}
      {row.direction === 'callback' && <Badge tone="violet"><PhoneForwarded size={12} aria-hidden="true" />{t('session.callback')}</Badge>}
      {row.direction === 'outbound' && <Badge tone="accent"><PhoneOutgoing size={12} aria-hidden="true" />{t('session.outbound')}</Badge>}
      {row.sticky && <Badge tone="accent" title={t('mark.stickyHint')}><UserRoundCheck size={12} aria-hidden="true" />{stickyTo ? t('mark.stickyTo', { name: stickyTo }) : t('mark.sticky')}</Badge>}
      {row.ringing && <Badge tone="ok">{t('mark.ringing')}</Badge>}
    </>
  )
}

/** What the host page told of the visitor. */
export function Attributes({ attributes }: { attributes: Readonly<Record<string, string>> }) {
  return <>{Object.entries(attributes).map(([name, value]) => <span key={name} class="tag"><i>{attributeName(planWords.words.value, name)}</i>{value}</span>)}</>
}
