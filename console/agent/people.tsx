// Who is in the call, who is being asked in, and which guests have a link or stand at the door.
import { DoorOpen, Link2, UserRoundX, UsersRound, X } from 'lucide-preact'
import { Badge } from '../shell/badge.tsx'
import { Button } from '../shell/button.tsx'
import { Card } from '../shell/page.tsx'
import { toastError } from '../shell/toast.tsx'
import { CopyLink } from '../staff/copy-link.tsx'
import { Attributes } from '../staff/request-marks.tsx'
import { t } from '../staff/text.ts'
import { callerName, channelName, sessionTypeName } from '../staff/words.ts'
import type { Workbench } from './model.ts'

export function People({ workbench }: { workbench: Workbench }) {
  const { acts, asking } = workbench
  const view = workbench.view.value
  const call = view?.call
  if (!view || !call) return null
  const act = (doing: Promise<unknown>) => { doing.catch(toastError) }
  return (
    <Card class="people" data-testid="people" title={<><UsersRound size={16} aria-hidden="true" />{t('people.title')}</>}
      actions={<Button size="small" icon={Link2} busy={asking.value === 'guest'} disabled={call.connectedAt === null} data-testid="guest-link" onClick={() => act(acts.guest())}>{t('people.guestLink')}</Button>}>
      <p class="people-from">{channelName(call.channel)} · {call.accessName} · {sessionTypeName(call.direction)}</p>
      {Object.keys(call.attributes).length > 0 && <div class="marks people-attributes"><Attributes attributes={call.attributes} /></div>}
      <ul class="people-rows">
        {call.parties.map((party) => (
          <li key={party.participant} data-party={party.participant}>
            <strong title={party.participant}>{party.participant === view.agent ? t('people.me', { name: party.name || view.nickname }) : callerName(party)}</strong>
            <Badge tone={party.role === 'agent' ? 'accent' : party.role === 'visitor' || party.role === 'guest' ? 'neutral' : 'violet'}>{t(`media.role.${party.role}`)}</Badge>
            {party.role === 'guest' && <Button kind="quiet" size="small" icon={UserRoundX} label={t('people.turnOut')} busy={asking.value === `guest ${party.participant}`} onClick={() => act(acts.turnAway(party.participant))} />}
          </li>
        ))}
        {call.invitations.map((one) => (
          <li key={one.invitation} data-testid="invitation" data-invitation={one.invitation}>
            <span class="people-who"><strong>{one.to}</strong>
              <small>{one.ringing ? t('people.ringing') : one.position === null ? t('people.asking') : t('people.position', { n: one.position })}</small></span>
            <Badge tone="warn">{t(one.mode === 'invite' ? 'askIn.invite' : one.warm ? 'askIn.warm' : 'askIn.blind')}</Badge>
            <Button kind="quiet" size="small" icon={X} label={t('people.uninvite')} busy={asking.value === `uninvite ${one.invitation}`} data-testid="uninvite" onClick={() => act(acts.uninvite(one.invitation))} />
          </li>
        ))}
        {call.guests.filter(({ state }) => state === 'invited' || state === 'knocking').map((guest) => (
          <li key={guest.guest} data-testid="guest" data-guest={guest.guest} data-state={guest.state} class={guest.state === 'knocking' ? 'people-knocks' : ''}>
            <span class="people-who"><strong>{guest.name || t('people.guest')}</strong><small>{t(guest.state === 'knocking' ? 'people.guest.knocking' : 'people.guest.invited')}</small></span>
            {guest.state === 'knocking' && <Button kind="ok" size="small" icon={DoorOpen} busy={asking.value === `guest ${guest.guest}`} data-testid="admit" onClick={() => act(acts.admit(guest.guest))}>{t('people.admit')}</Button>}
            <Button kind="quiet" size="small" icon={X} label={t('people.turnAway')} data-testid="turn-away" onClick={() => act(acts.turnAway(guest.guest))} />
            {guest.state === 'invited' && acts.links.value.has(guest.guest) && <CopyLink link={acts.links.value.get(guest.guest)!} label={t('people.guestLink')} />}
          </li>
        ))}
      </ul>
      {call.guests.some(({ state }) => state === 'invited') && <p class="people-hint">{t('people.guestHint')}</p>}
    </Card>
  )
}
