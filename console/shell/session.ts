// Who is signed in on the staff pages.
import { signal } from '@preact/signals'
import { api } from './api.ts'
import type { Refused } from './refused.ts'

/** What somebody may be; one may be several. */
export type Role = 'agent' | 'supervisor' | 'planner' | 'analyst' | 'engineer' | 'admin'
export interface Account { name: string; nickname: string; roles: Role[]; agent: string | null }

/** undefined = not yet known, null = nobody. */
export const account = signal<Account | null | undefined>(undefined)

/** Asks who the cookie belongs to. Throws Refused if the engine cannot be asked. */
export async function recall(): Promise<void> {
  try {
    account.value = (await api<{ account: Account }>('GET', '/api/session')).account
  } catch (error) {
    if ((error as Refused).code !== 'not_signed_in') throw error
    account.value = null
  }
}

/** Throws Refused: `bad_credentials` when name and password do not fit. */
export async function signIn(name: string, password: string): Promise<void> {
  account.value = (await api<{ account: Account }>('POST', '/api/session', { name, password })).account
}

export async function signOut(): Promise<void> {
  await api('DELETE', '/api/session')
  account.value = null
}
