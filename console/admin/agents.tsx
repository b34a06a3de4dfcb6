// Agents 坐席: three kinds in a tab each, and accounts that take no calls. What is changed here holds at once.
import { useSignal } from '@preact/signals'
import { Pencil, UserPlus, UsersRound } from 'lucide-preact'
import { useMemo } from 'preact/hooks'
import { Badge } from '../shell/badge.tsx'
import { Button } from '../shell/button.tsx'
import { dateTime, either } from '../shell/i18n.ts'
import { Empty, Notice } from '../shell/page.tsx'
import { sortOrder, Table, type Column } from '../shell/table.tsx'
import { roleName } from '../staff/words.ts'
import { AccountDialog } from './account-dialog.tsx'
import { kindOf, type Accounts, type Kind, type Member } from './accounts.ts'
import type { Draft } from './draft.ts'
import { UNGROUPED } from './edit.ts'
import { tabPanel, Tabs, Tier } from './parts.tsx'
import { t } from './text.ts'

const KINDS = ['chat', 'call', 'video', 'none'] as const
/** A list this long is found by typing, not by looking. */
const SHOWN = 200
const none = () => <span class="quiet">–</span>

export function Agents({ draft, accounts }: { draft: Draft; accounts: Accounts }) {
  const kind = useSignal<Kind>('video')
  const sought = useSignal('')
  const order = useMemo(() => sortOrder('nickname'), [])
  /** null: a new one. */
  const open = useSignal<{ member: Member | null } | undefined>(undefined)
  const all = accounts.members.value
  const groups = draft.base.value?.groups ?? []
  const groupName = (id: string) => groups.find((group) => group.id === id)?.name ?? id

  const columns: Column<Member>[] = [
    { key: 'nickname', title: () => t('members.nickname'), cell: ({ account, agent }) => <b>{agent?.nickname ?? account?.nickname}</b>, sort: ({ account, agent }) => agent?.nickname ?? account?.nickname ?? null },
    { key: 'realName', title: () => t('members.realName'), cell: ({ account, agent }) => (agent?.realName ?? account?.realName) || none(), sort: ({ account, agent }) => agent?.realName ?? account?.realName ?? null },
    {
      key: 'name', title: () => t('members.name'), sort: ({ account }) => account?.name ?? null,
      cell: ({ account }) => (account ? <span class="chips">{account.name}{account.disabled && <Badge tone="bad">{t('admin.disabled')}</Badge>}</span> : <Badge tone="warn">{t('admin.noAccount')}</Badge>),
    },
    { key: 'roles', title: () => t('members.roles'), cell: ({ account }) => account?.roles.map(roleName).join(' · ') ?? none(), sort: ({ account }) => account?.roles.map(roleName).join() ?? null },
    ...(kind.value === 'none' ? [] : [{
      key: 'groups', title: () => t('members.groups'),
      cell: ({ agent }: Member) => <span class="chips">{agent?.groups.length ? agent.groups.map((one) => <Tier key={one.group} name={groupName(one.group)} tier={one.tier} />) : <span class="quiet">{groupName(UNGROUPED)}</span>}</span>,
    }]),
    { key: 'createdAt', title: () => t('members.createdAt'), cell: ({ account }) => (account ? <span class="tabular">{dateTime(account.createdAt)}</span> : none()), sort: ({ account }) => account?.createdAt ?? null },
    {
      key: 'edit', title: () => t('admin.edit'),
      cell: (member) => <Button kind="quiet" size="small" icon={Pencil} label={t('admin.editOf', { name: member.agent?.nickname ?? member.account?.name ?? '' })} onClick={() => { open.value = { member } }} />,
    },
  ]
  const word = sought.value.trim().toLowerCase()
  const ofKind = all?.filter(({ agent }) => kindOf(agent) === kind.value) ?? null
  const found = word ? ofKind?.filter(({ account, agent }) => `${account?.name} ${account?.nickname} ${account?.realName} ${agent?.nickname} ${agent?.realName}`.toLowerCase().includes(word)) ?? null : ofKind
  return (
    <div class="stack">
      {accounts.failed.value && <Notice tone="bad" action={<Button onClick={accounts.refresh}>{t('shell.retry')}</Button>}>{either(accounts.failed.value.words)}</Notice>}
      <div class="toolbar">
        <Tabs id="kind" label={t('admin.tab.agents')} class="tabs-small" value={kind.value} change={(value) => { kind.value = value }}
          tabs={KINDS.map((value) => ({ value, text: t(`admin.kind.${value}`), ...(all ? { count: all.filter(({ agent }) => kindOf(agent) === value).length } : {}) }))} />
        <span class="grow" />
        <input class="input search" type="search" aria-label={t('admin.findAgent')} placeholder={t('admin.findAgent')} value={sought.value} onInput={(event) => { sought.value = event.currentTarget.value }} />
        <Button kind="primary" icon={UserPlus} disabled={!draft.base.value} data-testid="new-agent" onClick={() => { open.value = { member: null } }}>{t(kind.value === 'none' ? 'admin.newAccount' : 'admin.newAgent')}</Button>
      </div>
      <div class="stack" {...tabPanel('kind', kind.value)}>
        <p class="field-hint">{t(`admin.kindText.${kind.value}`)} {t('admin.atOnce')}</p>
        <Table name={t(`admin.kind.${kind.value}`)} columns={columns} rows={found?.slice(0, SHOWN) ?? null} rowKey={({ key }) => key} order={order} empty={<Empty icon={UsersRound} title={t(word ? 'admin.nobodyFound' : 'admin.noAgents')} />} />
        {found && found.length > SHOWN && <p class="quiet">{t('admin.andMore', { n: found.length - SHOWN })}</p>}
      </div>
      {open.value && <AccountDialog draft={draft} accounts={accounts} member={open.value.member} kind={kind.value} close={() => { open.value = undefined }} />}
    </div>
  )
}
