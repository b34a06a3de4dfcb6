// A guest's page: who one is, the knock, the call, and its end.
import { DoorOpen, LogOut, MonitorX, PhoneOff, Unplug, UserRound } from 'lucide-preact'
import { Picture, Stage } from '../call/stage.tsx'
import { Button } from '../shell/button.tsx'
import { TextField } from '../shell/form.tsx'
import { Notice } from '../shell/page.tsx'
import { t } from '../shell/text.ts'
import { toastError, Toasts } from '../shell/toast.tsx'
import { Consent } from '../visitor/consent.tsx'
import { Head, Lost, Note, partyNames, useAwake } from '../visitor/parts.tsx'
import { NAME_MOST, type Guest } from './model.ts'

export function Page({ guest }: { guest: Guest }) {
  const screen = guest.screen.value
  useAwake(screen === 'knocking' || screen === 'in')
  return (
    <div class={`visit ${screen === 'in' ? 'visit-call' : ''}`}>
      <Head title={t('visitor.title')} />
      {guest.link.state.value === 'offline' && <Lost />}
      <main class="visit-main" data-testid="guest" data-phase={screen}><Screen guest={guest} /></main>
      <Toasts />
    </div>
  )
}

function Screen({ guest }: { guest: Guest }) {
  switch (guest.screen.value) {
    case 'opening': return <div class="visit-note" aria-busy="true"><span class="spinner" /></div>
    case 'unavailable': return <Note icon={Unplug} title={t('guest.unavailable')} text={t('guest.unavailableHint')} />
    case 'replaced': return <Note icon={MonitorX} title={t('link.replaced')} text={t('link.replacedHint')}><Button kind="primary" onClick={() => guest.link.reopen()}>{t('link.useHere')}</Button></Note>
    case 'invited': return <Invited guest={guest} />
    case 'knocking': return <Knocking guest={guest} />
    case 'in': return <InCall guest={guest} />
    case 'gone': return <Note icon={PhoneOff} title={t('guest.gone')} text={t('guest.goneHint')} />
  }
}

function Invited({ guest }: { guest: Guest }) {
  const { call, faults: { value: faults } } = guest
  const { camera, microphone } = call.tracks.value
  const trouble = call.trouble.value
  const nothing = guest.consent.value && !call.opening.value && !camera && !microphone ? trouble.microphone ?? trouble.camera : undefined
  return (
    <div class="ready">
      <div class="ready-words"><h1>{t('guest.intro')}</h1><p>{t('guest.introHint')}</p></div>
      <figure class="preview">
        {camera
          ? <Picture tracks={[camera]} muted mirror name={t('media.self')} testid="self-video" />
          : <div class="preview-empty">{call.opening.value ? <span class="spinner" /> : <UserRound size={34} strokeWidth={1.5} aria-hidden="true" />}<p>{t(call.opening.value ? 'visitor.asking' : 'visitor.previewEmpty')}</p></div>}
      </figure>
      <form class="ready-act" onSubmit={(event) => { event.preventDefault(); guest.knock().catch(toastError) }} noValidate>
        {nothing && <Notice tone="bad">{t(`denied.${nothing}`)}</Notice>}
        <TextField label={t('guest.name')} value={guest.name} placeholder={t('guest.nameHint')} maxLength={NAME_MOST} autocomplete="name" error={faults.name ? t('guest.needName') : undefined} data-testid="guest-name" />
        <Consent given={guest.consent.value} missing={faults.consent} change={guest.agree} />
        <Button kind="ok" size="large" type="submit" icon={DoorOpen} busy={guest.knocking.value} data-testid="knock">{t('guest.knock')}</Button>
      </form>
    </div>
  )
}

function Knocking({ guest }: { guest: Guest }) {
  const { camera } = guest.call.tracks.value
  return (
    <div class="waiting">
      <div class="pulse" aria-hidden="true"><i /><i /><i /><div class="pulse-core"><DoorOpen size={44} strokeWidth={1.5} /></div></div>
      <h1 role="status">{t('guest.knocking')}</h1>
      <p class="quiet">{t('guest.knockingHint')}</p>
      <span class="grow" />
      <div class="waiting-foot">
        {camera && <div class="waiting-self"><Picture tracks={[camera]} muted mirror name={t('media.self')} testid="self-video" /></div>}
        <Button size="large" icon={LogOut} busy={guest.leaving.value} data-testid="hangup" onClick={() => guest.leave().catch(toastError)}>{t('guest.withdraw')}</Button>
      </div>
    </div>
  )
}

function InCall({ guest }: { guest: Guest }) {
  return (
    <Stage call={guest.call} name={t('guest.others')} names={partyNames(guest.view.value?.parties ?? [])} connected hangingUp={guest.leaving}
      hangup={() => guest.leave().catch(toastError)} hangupLabel={t('guest.leave')} caption={<strong>{t('visitor.inCall')}</strong>} />
  )
}
