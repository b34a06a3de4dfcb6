// Starting a program as a system user when we are root: PostgreSQL refuses to run as root, and is right to.
import { execFileSync } from 'node:child_process'
import { realpathSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** A system user, by number. */
export interface SystemUser {
  uid: number
  gid: number
}

/** The system user to become, or undefined when we are not root and stay who we are. Throws a sentence when it is missing. */
export function systemUser(name: string): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const number = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
  try {
    return { uid: number('-u'), gid: number('-g') }
  } catch {
    throw new Error(`PostgreSQL refuses to run as root and there is no system user "${name}"; "node engine/setup.mjs" makes it.`)
  }
}

/**
 * The command line that runs a program as `user` (as ourselves without one). `folders` are what the program must reach: where
 * one of them lies in a folder closed to that user, such as /root, the program keeps one right of root, to read and to pass
 * through folders (not to write), since the folder's mode is the owner's to decide.
 */
export function commandAs(user: SystemUser | undefined, folders: string[], program: string, args: string[]): [string, string[]] {
  if (!user) return [program, args]
  const become = ['--reuid', `${user.uid}`, '--regid', `${user.gid}`, '--clear-groups']
  const rights = folders.every((folder) => canReach(user, folder)) ? '-all' : '-all,+dac_read_search'
  const capabilities = ['--inh-caps', rights, '--ambient-caps', rights, '--bounding-set', rights]
  // access(2) forgets capabilities unless told not to, and PostgreSQL looks for its own programs with it.
  const keep = rights === '-all' ? [] : ['--securebits', '+no_setuid_fixup']
  return ['setpriv', [...become, ...capabilities, ...keep, '--', program, ...args]]
}

/** Whether every folder on the way to (and including) this one lets the user pass. */
function canReach(user: SystemUser, folder: string): boolean {
  for (let at = realpathSync(folder); ; at = dirname(at)) {
    const { mode, uid, gid } = statSync(at)
    const passes = uid === user.uid ? mode & 0o100 : gid === user.gid ? mode & 0o010 : mode & 0o001
    if (!passes) return false
    if (at === dirname(at)) return true
  }
}
