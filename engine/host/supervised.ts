// The child's side of supervision: how a process that the supervisor started says that it is ready, and learns that it should stop.
//
// Between supervisor and child runs Node's IPC channel. The child sends one message, { ready: true, ... }, when it can do its
// work. It is asked to stop with SIGTERM; when the supervisor itself is gone the channel closes, which means the same. A child
// leaves with exit code 0 when it was asked to, and with `refused` when starting it again would not help.
import { once } from 'node:events'

/** Exit code of a process that has said in one sentence why it cannot start, such as a setting that is wrong or a port that is taken. */
export const refused = 78

/** Where people can go, for the lines that are printed when everything runs. */
export interface Address {
  /** In both languages, such as "Agents 客服". */
  title: string
  url: string
}

/** What a child sends when it is ready. */
export interface Ready {
  ready: true
  addresses?: Address[]
  /** Sentences to be read now, such as the first administrator's password. */
  notes?: string[]
}

/** Tells the supervisor, when there is one, that this process can do its work. */
export function reportReady(message: Omit<Ready, 'ready'> = {}): void {
  process.send?.({ ready: true, ...message } satisfies Ready)
}

/**
 * Settles when this process should stop, with the reason. Call it before `reportReady`, so that no request is missed. A supervised process leaves Ctrl-C to its supervisor, which stops
 * things in order.
 */
export async function stopRequest(): Promise<string> {
  if (!process.channel) return await Promise.race(['SIGTERM', 'SIGINT'].map(signal))
  process.channel.ref() // waiting for this is a reason to live
  const reason = await Promise.race([signal('SIGTERM'), once(process, 'disconnect').then(() => 'the supervisor is gone')])
  process.channel?.unref()
  return reason
}

const signal = (name: string) => once(process, name).then(() => name)
