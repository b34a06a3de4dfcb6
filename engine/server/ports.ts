// What the server is built from: everything it needs of the rest of the engine, passed in by main.
import type { MediaRooms } from '#wire/media.ts'
import type { Config } from '../config.ts'
import type { Driver } from '../driver.ts'
import type { LiveShadow } from '../shadow.ts'
import type { Stores } from '../store/stores.ts'
import type { Audience } from './audience.ts'
import type { Auth } from './auth.ts'
import type { Hosts } from './hosts.ts'
import type { PlanEditor } from './plan-editor.ts'
import type { Route } from './route.ts'
import type { Seal } from './seal.ts'
import type { Streams } from './stream.ts'
import type { Tail } from './tail.ts'
import type { Tokens } from './token.ts'
import type { StaticReply } from './trust.html.ts'
import type { WebhookDelivery } from './webhook-delivery.ts'

export interface ServerOptions {
  driver: Pick<Driver, 'ask' | 'committed' | 'trouble'>
  rooms: Pick<MediaRooms, 'handle' | 'leave'>
  store: Stores
  shadow: Pick<LiveShadow, 'told' | 'start' | 'end'>
  config: Pick<Config, 'publicUrl' | 'trustProxy' | 'tls' | 'logLevel' | 'webhookNetworks'>
  /** The built pages. */
  consoleFolder: string
  /** Of this installation; tokens and pseudonyms are derived from it. */
  secret: string
  /** The driver's clock, UTC ms. */
  now: () => number
  /** Routes of other rooms of the house, such as analytics. */
  routes?: readonly Route[]
  /** Static pages besides the console's, such as the one about trust. */
  pages?: readonly StaticReply[]
  /** An answer that is not as its route says is told as a defect. */
  checkAnswers?: boolean
}

/** The same, with what the server makes for itself. */
export interface Ports extends ServerOptions {
  auth: Auth
  tokens: Tokens
  audience: Audience
  editor: PlanEditor
  seal: Seal
  hosts: Hosts
  tail: Tail
  streams: Streams
  delivery: WebhookDelivery
  /** Sign-ins or keys may have ended: whoever has lost his is sent away at once. */
  sessionsEnded: () => void
  /** The engine is stopping: whoever leaves now is not lost. */
  stopping: () => boolean
}
