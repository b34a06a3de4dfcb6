// An agent's status as staff see it: its colour, and its words with the reason.
import type { AgentView } from '#wire/messages.ts'
import type { Tone } from '../shell/badge.tsx'
import { planWords, reasonName } from './plan-words.ts'
import { t } from './text.ts'

export type Status = AgentView['status']
export const STATUS_TONES: Record<Status, Tone> = { idle: 'ok', busy: 'bad', away: 'warn', invisible: 'violet', offline: 'neutral' }

/** “Away (Lunch)”. */
export function statusWithReason({ to, reason }: { to: Status; reason: string }): string {
  return reason ? t('status.withReason', { status: t(`status.${to}`), reason: reasonName(planWords.words.value, reason) }) : t(`status.${to}`)
}
