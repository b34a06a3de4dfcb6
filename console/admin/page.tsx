// Members: who may sign in and take calls, the skill groups they serve, and the addresses at which visitors call.
import { signal, useSignal } from '@preact/signals'
import { Copy, ExternalLink, UserPlus, UsersRound } from 'lucide-preact'
import { useEffect, useMemo } from 'preact/hooks'
import type { UNGROUPED as Ungrouped } from '#events/plan.ts'
import { api } from '../shell/api.ts'
import { Badge } from '../shell/badge.tsx'
import { Button } from '../shell/button.tsx'
import { Dialog } from '../shell/dialog.tsx'
import { Check, TextField } from '../shell/form.tsx'
import { dateTime, either, number } from '../shell/i18n.ts'
import { Card, Empty, Notice } from '../shell/page.tsx'
import { sortOrder, Table, type Column } from '../shell/table.tsx'
import type { Refused } from '../shell/refused.ts'
import { toast, toastError } from '../shell/toast.tsx'
import { t } from '../staff/text.ts'
import { channelName, roleName } from '../staff/words.ts'
import { makeMembers, PASSWORD_LEAST, type Fault, type Member, type Members } from './model.ts'
import './admin.css'

/** The plan's own word, tied by its type: importing the value would bring the whole schema library along. */
const UNGROUPED: typeof Ungrouped = 'ungrouped'
const none = () => <span class="quiet">–</span>

const columns = (members: Members): Column<Member>[] => {
  const groupName = (id: string) => members.plan.value?.groups.find((group) => group.id === id)?.name ?? id
  return [
    { key: 'name', title: () => t('members.name'), cell: ({ account }) => <b>{account.name}</b>, sort: ({ account }) => account.name },
    { key: 'nickname', title: () => t('members.nickname'), cell: ({ agent }) => agent?.nickname ?? none(), sort: ({ agent }) => agent?.nickname ?? null },
    { key: 'realName', title: () => t('members.realName'), cell: ({ agent }) => agent?.realName ?? none(), sort: ({ agent }) => agent?.realName ?? null },
    { key: 'roles', title: () => t('members.roles'), cell: ({ account }) => account.roles.map(roleName).join(' · '), sort: ({ account }) => account.roles.map(roleName).join() },
    {
      key: 'groups', title: () => t('members.groups'), sort: ({ agent }) => agent && (agent.groups.length ? agent.groups.map(({ group }) => groupName(group)).join() : groupName(UNGROUPED)),
      cell: ({ agent }) => agent ? <span class="chips">{(agent.groups.length ? agent.groups : [{ group: UNGROUPED }]).map(({ group }) => <Badge key={group}>{groupName(group)}</Badge>)}</span> : none(),
    },
    { key: 'createdAt', title: () => t('members.createdAt'), cell: ({ account }) => <span class="tabular">{dateTime(account.createdAt)}</span>, sort: ({ account }) => account.createdAt },
  ]
}

export function Page() {
  const members = useMemo(() => makeMembers({
    plan: () => api('GET', '/api/plan'), accounts: () => api('GET', '/api/accounts'), create: (account) => api('POST', '/api/accounts', account),
  }), [])
  const order = useMemo(() => sortOrder('createdAt', true), [])
  const adding = useMemo(() => signal(false), [])
  useEffect(() => { void members.refresh() }, [])
  const { members: { value: rows }, plan: { value: plan }, failed } = members
  return (
    <div class="stack">
      {failed.value && <Notice tone="bad" action={<Button onClick={members.refresh}>{t('shell.retry')}</Button>}>{either(failed.value.words)}</Notice>}
      <div class="toolbar">
        <h2 class="section">{t('members.title')} {rows && <span class="quiet">{number(rows.length)}</span>}</h2><span class="grow" />
        <Button kind="primary" icon={UserPlus} disabled={!plan} data-testid="new-agent" onClick={() => { adding.value = true }}>{t('members.new')}</Button>
      </div>
      {(rows || !failed.value) && (
        <Table name={t('members.title')} columns={columns(members)} rows={rows} rowKey={({ account }) => account.name} order={order}
          empty={<Empty icon={UsersRound} title={t('members.empty')} />} />
      )}
      {plan && (
        <div class="admin-halves">
          <Card title={t('members.groupsTitle')}>
            <ul class="lines">{plan.groups.map((group) => (
              <li key={group.id}><b>{group.name}</b><span class="grow" /><span class="quiet">{t('members.groupSize', { n: plan.agents.filter((agent) => (agent.groups.length ? agent.groups.some((one) => one.group === group.id) : group.id === UNGROUPED)).length })}</span></li>
            ))}</ul>
          </Card>
          <Card title={t('members.accessTitle')}>
            <ul class="lines">{plan.access.map((access) => <Access key={access.id} {...access} />)}</ul>
          </Card>
        </div>
      )}
      {adding.value && <NewAgent members={members} close={() => { adding.value = false }} />}
    </div>
  )
}

function Access({ id, name, channel, enabled }: { id: string; name: string; channel: string; enabled: boolean }) {
  const address = `${location.origin}/v/${encodeURIComponent(id)}`
  const copy = () => { navigator.clipboard.writeText(address).then(() => toast('ok', t('members.copied')), toastError) }
  return (
    <li>
      <b>{name}</b><Badge>{channelName(channel)}</Badge>{!enabled && <Badge tone="warn">{t('members.accessOff')}</Badge>}
      <a class="access-link" href={address} target="_blank" rel="noreferrer"><code>{address}</code><ExternalLink size={14} aria-hidden="true" /></a>
      {navigator.clipboard && <Button kind="quiet" size="small" icon={Copy} label={t('members.copy')} onClick={copy} />}
    </li>
  )
}

function NewAgent({ members, close }: { members: Members; close: () => void }) {
  const { form, faults: { value: faults }, sending, plan } = members
  const words = (fault: Fault | undefined) => fault && t(`members.fault.${fault}`, { n: PASSWORD_LEAST })
  // Inside the dialog: what lies under it can't be reached, nor is it read out.
  const refused = useSignal<Refused | null>(null)
  const submit = async (event: Event) => {
    event.preventDefault()
    refused.value = null
    try {
      const name = await members.create()
      if (name) { toast('ok', t('members.created', { name })); close() }
    } catch (error) {
      refused.value = error as Refused
    }
  }
  const groups = plan.value?.groups.filter((group) => group.id !== UNGROUPED) ?? []
  return (
    <Dialog title={t('members.new')} close={close} footer={<>
      <Button onClick={close}>{t('shell.cancel')}</Button>
      <Button kind="primary" type="submit" form="new-agent" busy={sending.value} data-testid="agent-create">{t('members.create')}</Button>
    </>}>
      <form id="new-agent" class="form" onSubmit={submit} noValidate autocomplete="off">
        {refused.value && <Notice tone="bad">{either(refused.value.words)}</Notice>}
        <TextField label={t('members.nickname')} hint={t('members.nicknameHint')} value={form.nickname} error={words(faults.nickname)} maxLength={100} autoFocus data-testid="agent-nickname" />
        <TextField label={t('members.realName')} value={form.realName} error={words(faults.realName)} maxLength={100} data-testid="agent-real-name" />
        <TextField label={t('members.name')} hint={t('members.nameHint')} value={form.name} error={words(faults.name)} maxLength={64} autocomplete="off" data-testid="agent-name" />
        <TextField label={t('members.password')} hint={t('members.passwordHint', { n: PASSWORD_LEAST })} value={form.password} error={words(faults.password)} type="password" maxLength={200} autocomplete="new-password" data-testid="agent-password" />
        {groups.length > 0 && (
          <fieldset class="groups">
            <legend>{t('members.groups')}</legend>
            <p class="field-hint">{t('members.groupsHint')}</p>
            {groups.map((group) => <Check key={group.id} checked={form.groups.value.includes(group.id)} change={() => members.toggleGroup(group.id)}>{group.name}</Check>)}
          </fieldset>
        )}
      </form>
    </Dialog>
  )
}
