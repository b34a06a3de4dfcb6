// Words for the engine's codes, as staff read them.
import type { PartyView } from '#wire/messages.ts'
import { OUTCOMES, type Outcome } from '#events/outcome.ts'
import { either } from '../shell/i18n.ts'
import { t } from './text.ts'

/** A visitor is known by a pseudonym of twenty digits; people tell them apart by the first six. */
export const visitorName = (visitor: string): string => (/^v-[0-9a-f]{20}$/.test(visitor) ? t('visitor.short', { id: visitor.slice(2, 8).toUpperCase() }) : visitor || t('party.visitor'))

const CHANNELS: Record<string, () => string> = { web: () => t('channel.web'), app: () => t('channel.app'), wechat_mp: () => t('channel.wechat_mp') }
export const channelName = (channel: string): string => CHANNELS[channel]?.() ?? channel

const SESSION_TYPES: Record<string, () => string> = { inbound: () => t('session.inbound'), outbound: () => t('session.outbound'), callback: () => t('session.callback') }
export const sessionTypeName = (sessionType: string): string => SESSION_TYPES[sessionType]?.() ?? sessionType

const PARTIES: Record<string, () => string> = {
  visitor: () => t('party.visitor'), agent: () => t('party.agent'), supervisor: () => t('party.supervisor'), network: () => t('party.network'), system: () => t('party.system'),
}
export const partyName = (party: string): string => PARTIES[party]?.() ?? party

/** Somebody in a call: a visitor by his pseudonym, everyone else by the name he goes by, or by what he is. */
export const callerName = ({ role, name, participant }: PartyView): string => (role === 'visitor' ? visitorName(name || participant) : name || t(`media.role.${role}`))
/** The same of all of them, by participant. */
export const callerNames = (parties: readonly PartyView[]): ReadonlyMap<string, string> => new Map(parties.map((party) => [party.participant, callerName(party)]))

const ROLES: Record<string, () => string> = {
  agent: () => t('role.agent'), supervisor: () => t('role.supervisor'), planner: () => t('role.planner'), analyst: () => t('role.analyst'), engineer: () => t('role.engineer'), admin: () => t('role.admin'),
}
export const roleName = (role: string): string => ROLES[role]?.() ?? role

/** How a request ended, 挂断原因; null = it is open. */
export function outcomeName(outcome: string | null): string {
  if (outcome === null) return t('records.open')
  return Object.hasOwn(OUTCOMES, outcome) ? either(OUTCOMES[outcome as Outcome]) : outcome
}
