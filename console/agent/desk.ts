// The one workbench of this page: it lives as long as its agent is signed in, also while another page of the console is looked at.
import { effect, signal } from '@preact/signals'
import type { AgentMessage, AgentPush } from '#wire/messages.ts'
import { closeTracks, openTracks } from '../call/devices.ts'
import { openLink, socketUrl } from '../link.ts'
import { account } from '../shell/session.ts'
import { shout } from '../shell/title.ts'
import { engineNow } from '../shell/ticker.ts'
import { chosen } from '../staff/devices.ts'
import { callBack } from '../staff/call-back.ts'
import { waiting } from '../staff/pages.ts'
import { planWords } from '../staff/plan-words.ts'
import { t } from '../staff/text.ts'
import { visitorName } from '../staff/words.ts'
import { makeDrafts } from './drafts.ts'
import { makeWorkbench, type Workbench } from './model.ts'
import { makeRinger } from './ring.ts'

export const ringer = makeRinger()
/** null while nobody who takes calls is signed in. */
export const desk = signal<Workbench | null>(null)

function open(agent: string): Workbench {
  const key = `twinline.drafts.${agent}`
  return makeWorkbench({
    link: (heard) => openLink<AgentMessage, AgentPush>({ url: socketUrl('/ws/agent'), hello: () => ({ type: 'hello' }), heard }),
    drafts: makeDrafts({ get: () => localStorage.getItem(key), set: (text) => localStorage.setItem(key, text) }, Date.now),
    chosen, followPlan: (version) => { void planWords.follow(version) }, open: openTracks, release: closeTracks,
    load: () => import('../media.ts').then(({ CallMedia }) => (options) => new CallMedia(options)),
  })
}

// Opened by signing in, closed by signing out.
effect(() => {
  const agent = account.value?.agent ?? null
  if (agent === null) {
    desk.peek()?.stop()
    desk.value = null
  } else if (!desk.peek()) {
    desk.value = open(agent)
  }
})
effect(() => { if (desk.value?.link.endedBy.value === 'not_signed_in') account.value = null })
effect(() => { waiting.value = desk.value?.waiting.value ?? 0 })

// Another page names a visitor to be called back.
effect(() => {
  const workbench = desk.value
  if (!workbench || !callBack.value) return
  workbench.openDial(callBack.value)
  callBack.value = null
})

// A call that comes in rings and blinks in the title on whatever page the agent is.
effect(() => {
  if (desk.value?.offer.value) ringer.start()
  else ringer.stop()
})
effect(() => {
  const offer = desk.value?.offer.value
  const blink = offer && Math.floor(engineNow.value / 1000) % 2 === 0
  shout.value = blink ? t('agent.titleRinging', { visitor: visitorName(offer.visitor) }) : null
})
// Any press arms the ring: the one on idle at the latest. On its end, not its beginning: what appears or goes because of it must
// not move the button under the finger.
for (const press of ['click', 'keyup']) addEventListener(press, () => { if (!ringer.armed.peek()) void ringer.arm() }, { capture: true })
