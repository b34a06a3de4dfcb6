// Who serves a group, tier by tier; and the one who is put into it next.
import { useSignal } from '@preact/signals'
import { X } from 'lucide-preact'
import { Badge } from '../shell/badge.tsx'
import { Button } from '../shell/button.tsx'
import type { Draft } from './draft.ts'
import { membersOf, setTier, UNGROUPED } from './edit.ts'
import { t } from './text.ts'

const TIERS = [1, 2, 3, 4, 5, 6, 7, 8, 9]
/** A list this long is found by typing, not by looking. */
const SHOWN = 100

export function Members({ draft, group }: { draft: Draft; group: string }) {
  const sought = useSignal('')
  const plan = draft.plan.value!
  const members = membersOf(plan, group)
  const inside = new Set(members.map(({ agent }) => agent.id))
  const word = sought.value.trim().toLowerCase()
  const found = word ? plan.agents.filter((agent) => !inside.has(agent.id) && `${agent.nickname} ${agent.realName} ${agent.id}`.toLowerCase().includes(word)) : plan.agents.filter((agent) => !inside.has(agent.id))
  return (
    <>
      {members.length === 0 && <p class="quiet">{t('admin.noMembers')}</p>}
      <ul class="persons">
        {members.slice(0, SHOWN).map(({ agent, tier }) => (
          <li key={agent.id}>
            <span class="persons-name"><b>{agent.nickname}</b> <span class="quiet">{agent.realName}</span>{!agent.video && <Badge tone="warn">{t('admin.notVideo')}</Badge>}</span>
            {group !== UNGROUPED && <>
              <select class="input" aria-label={t('admin.tierIn', { name: agent.nickname })} value={tier} onChange={(event) => draft.change((now) => setTier(now, agent.id, group, Number(event.currentTarget.value)))}>
                {TIERS.map((n) => <option key={n} value={n}>{t('admin.tier', { n })}</option>)}
              </select>
              <Button kind="quiet" size="small" icon={X} label={t('admin.removeMember', { name: agent.nickname })} onClick={() => draft.change((now) => setTier(now, agent.id, group, null))} />
            </>}
          </li>
        ))}
      </ul>
      {members.length > SHOWN && <p class="quiet">{t('admin.andMore', { n: members.length - SHOWN })}</p>}
      {group !== UNGROUPED && (
        <div class="persons-add">
          <input class="input" type="search" aria-label={t('admin.findAgent')} placeholder={t('admin.findAgent')} value={sought.value} onInput={(event) => { sought.value = event.currentTarget.value }} />
          <div class="chips">
            {found.slice(0, word ? 12 : 8).map((agent) => <Button key={agent.id} size="small" onClick={() => { draft.change((now) => setTier(now, agent.id, group, 1)); sought.value = '' }}>＋ {agent.nickname}</Button>)}
            {word && found.length === 0 && <span class="quiet">{t('admin.nobodyFound')}</span>}
          </div>
        </div>
      )}
    </>
  )
}
