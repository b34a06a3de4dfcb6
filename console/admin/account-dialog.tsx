// The form for an account and, if it takes calls, its agent: names, sign-in, kind, groups with tiers, roles.
import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { Button } from '../shell/button.tsx'
import { Dialog } from '../shell/dialog.tsx'
import { Check, TextField } from '../shell/form.tsx'
import { either } from '../shell/i18n.ts'
import { Notice } from '../shell/page.tsx'
import type { Refused } from '../shell/refused.ts'
import { toast } from '../shell/toast.tsx'
import { roleName } from '../staff/words.ts'
import { PASSWORD_LEAST, ROLES, type AccountForm, type Accounts, type FieldFault, type Kind, type Member } from './accounts.ts'
import type { Draft } from './draft.ts'
import { UNGROUPED } from './edit.ts'
import { Many } from './fields.tsx'
import { Remove } from './parts.tsx'
import { t } from './text.ts'

const words = (fault: FieldFault | undefined) => fault && t(`members.fault.${fault === 'role' ? 'needed' : fault}`, { n: PASSWORD_LEAST })
const TIERS = [1, 2, 3, 4, 5, 6, 7, 8, 9]

export function AccountDialog({ draft, accounts, member, kind, close }: { draft: Draft; accounts: Accounts; member: Member | null; kind: Kind; close: () => void }) {
  const form = useMemo(() => accounts.form(member, kind), [])
  const faults = form.faults.value
  // Inside the dialog: what lies under it can't be reached, nor is it read out.
  const refused = useSignal<Refused | null>(null)
  const attempt = async (act: () => Promise<string | null>) => {
    refused.value = null
    try {
      const done = await act()
      if (done) { toast('ok', done); close() }
    } catch (error) {
      refused.value = error as Refused
    }
  }
  const submit = (event: Event) => {
    event.preventDefault()
    void attempt(async () => {
      const name = await form.submit()
      return name && t(form.fresh ? 'members.created' : 'admin.accountSaved', { name })
    })
  }
  const groups = draft.base.value?.groups.filter((group) => group.id !== UNGROUPED) ?? []
  const name = member?.agent?.nickname ?? member?.account?.name ?? ''
  const title = form.fresh ? t(member ? 'admin.giveAccount' : kind === 'none' ? 'admin.newAccount' : 'admin.newAgent') : t('admin.editOf', { name })
  return (
    <Dialog title={title} close={close} wide footer={<>
      {member?.account && !member.account.disabled && <Remove what={name} text={t('admin.retireText')} label={t('admin.retire')} busy={form.sending.value} remove={() => void attempt(async () => { await form.retire(); return t('admin.retired', { name }) })} />}
      {member && !member.account && member.agent && (
        <Remove what={name} text={t('admin.dropAgentText')} remove={() => { draft.change((plan) => ({ ...plan, agents: plan.agents.filter(({ id }) => id !== member.agent?.id) })); close() }} />
      )}
      <span class="grow" />
      <Button onClick={close}>{t('shell.cancel')}</Button>
      <Button kind="primary" type="submit" form="account" busy={form.sending.value} data-testid="agent-create">{t(form.fresh ? 'members.create' : 'admin.save')}</Button>
    </>}>
      <form id="account" class="form" onSubmit={submit} noValidate autocomplete="off">
        {refused.value && <Notice tone="bad">{either(refused.value.words)}{refused.value.detail && <code> {refused.value.detail}</code>}</Notice>}
        <div class="columns">
          <TextField label={t('members.nickname')} hint={t('members.nicknameHint')} value={form.nickname} error={words(faults.nickname)} maxLength={100} autoFocus data-testid="agent-nickname" />
          <TextField label={t('members.realName')} value={form.realName} error={words(faults.realName)} maxLength={100} data-testid="agent-real-name" />
          <TextField label={t('members.name')} hint={t('members.nameHint')} value={form.name} error={words(faults.name)} maxLength={64} autocomplete="off" data-testid="agent-name" {...(form.fresh ? {} : { readOnly: true })} />
          <TextField label={t(form.fresh ? 'members.password' : 'admin.newPassword')} hint={t(form.fresh ? 'members.passwordHint' : 'admin.newPasswordHint', { n: PASSWORD_LEAST })} value={form.password} error={words(faults.password)}
            type="password" maxLength={200} autocomplete="new-password" data-testid="agent-password" />
        </div>
        <Service form={form} groups={groups} />
        <Many label={t('members.roles')} options={ROLES.filter((role) => role !== 'agent').map((role) => ({ value: role, text: roleName(role) }))} chosen={form.roles.value} toggle={form.toggleRole} />
        {faults.roles && <p class="field-error" role="alert">{t('admin.needRole')}</p>}
        {form.roles.value.includes('supervisor') && (
          <Many label={t('admin.supervised')} hint={t('admin.supervisedHint')} options={groups.map(({ id, name: text }) => ({ value: id, text }))} chosen={form.groups.value} toggle={form.toggleSupervised} empty={t('admin.noGroups')} />
        )}
        {!form.fresh && <Check checked={form.disabled.value} change={(on) => { form.disabled.value = on }} data-testid="agent-disabled"><b>{t('admin.disable')}</b> <span class="quiet">{t('admin.disableText')}</span></Check>}
      </form>
    </Dialog>
  )
}

/** Whether and how one serves visitors. */
function Service({ form, groups }: { form: AccountForm; groups: readonly { id: string; name: string }[] }) {
  return (
    <fieldset class="many">
      <legend>{t('admin.service')}</legend>
      <Check checked={form.takesCalls.value} change={form.setTakesCalls} data-testid="agent-takes-calls"><b>{t('admin.takesCalls')}</b></Check>
      {form.takesCalls.value && (
        <div class="own-field form">
          <Check checked={form.video.value} change={(on) => { form.video.value = on }} data-testid="agent-video"><b>{t('admin.video')}</b> <span class="quiet">{t('admin.videoText')}</span></Check>
          <Check checked={form.call.value} change={(on) => { form.call.value = on }} data-testid="agent-call"><b>{t('admin.call')}</b> <span class="quiet">{t('admin.callText')}</span></Check>
          <div>
            <p class="legend">{t('members.groups')}</p>
            {groups.length === 0 && <p class="field-hint">{t('admin.noGroups')}</p>}
            <ul class="tiers">
              {groups.map(({ id, name }) => {
                const tier = form.memberships.value.find((one) => one.group === id)?.tier
                return (
                  <li key={id}>
                    <Check checked={tier !== undefined} change={(on) => form.setTier(id, on ? 1 : null)}>{name}</Check>
                    {tier !== undefined && (
                      <select class="input" aria-label={t('admin.tierIn', { name })} value={tier} onChange={(event) => form.setTier(id, Number(event.currentTarget.value))}>
                        {TIERS.map((n) => <option key={n} value={n}>{t('admin.tier', { n })}</option>)}
                      </select>
                    )}
                  </li>
                )
              })}
            </ul>
            <p class="field-hint">{t('members.groupsHint')} {t('admin.tierHint')}</p>
          </div>
        </div>
      )}
    </fieldset>
  )
}
