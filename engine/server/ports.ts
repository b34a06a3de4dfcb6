// What the server is built from: everything it needs of the rest of the engine, passed in by main.
import type { MediaRooms } from '#wire/media.ts'
import type { Config } from '../config.ts'
import type { Driver } from '../driver.ts'
import type { Accounts } from '../store/accounts.ts'
import type { PersonalData } from '../store/personal.ts'
import type { Records } from '../store/records.ts'
import type { Audience } from './audience.ts'
import type { Auth } from './auth.ts'
import type { Route } from './route.ts'
import type { Tokens } from './token.ts'
import type { StaticReply } from './trust.html.ts'

export interface ServerOptions {
  driver: Pick<Driver, 'ask' | 'committed' | 'trouble'>
  rooms: Pick<MediaRooms, 'handle' | 'leave'>
  store: { accounts: Accounts; personal: PersonalData; records: Records }
  config: Pick<Config, 'publicUrl' | 'trustProxy' | 'tls' | 'logLevel'>
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
}

/** The same, with what the server makes for itself. */
export interface Ports extends ServerOptions {
  auth: Auth
  tokens: Tokens
  audience: Audience
  /** The engine is stopping: whoever leaves now is not lost. */
  stopping: () => boolean
}
