// Ways in as the engine keeps them beside the plan: links, secrets (shown once), files at the site's root. No DOM.
import { signal } from '@preact/signals'
import type { PlanAccess } from '#events/plan.ts'
import { refuse, type Refused } from '../shell/refused.ts'

/** web 网页插件, h5 链接, app, mini 小程序: what a tab holds. */
export type Way = 'web' | 'h5' | 'app' | 'mini'
export const wayOf = ({ channel, form }: Pick<PlanAccess, 'channel' | 'form'>): Way => (channel === 'app' ? 'app' : channel === 'wechat_mp' ? 'mini' : form === 'h5' ? 'h5' : 'web')

export interface Kept { link: string; secret: { createdBy: string; createdAt: number } | null }
export interface SiteFile { name: string; uploadedBy: string; uploadedAt: number }
export interface WaysPorts {
  list: () => Promise<{ access: { access: { id: string }; link: string; secret: Kept['secret'] }[] }>
  create: (name: string) => Promise<{ access: string; appId: string | null; secret: string }>
  issue: (access: string) => Promise<{ secret: string }>
  files: () => Promise<{ files: SiteFile[] }>
  upload: (name: string, text: string) => Promise<unknown>
  remove: (name: string) => Promise<unknown>
  /** The plan has a new version. */
  planChanged: () => Promise<void>
}

/** Shown this once. */
export interface Shown { access: string; appId: string | null; secret: string }

const FILE = /^[A-Za-z0-9_-]{1,100}\.txt$/
const FILE_BYTES = 1024

export function makeWays(ports: WaysPorts) {
  const kept = signal<ReadonlyMap<string, Kept>>(new Map())
  const files = signal<readonly SiteFile[] | null>(null)
  const shown = signal<Shown | null>(null)
  const busy = signal(false)
  const failed = signal<Refused | null>(null)

  async function refresh(): Promise<void> {
    try {
      const [access, site] = await Promise.all([ports.list(), ports.files()])
      kept.value = new Map(access.access.map(({ access: { id }, link, secret }) => [id, { link, secret }]))
      files.value = site.files
      failed.value = null
    } catch (error) {
      failed.value = (error as Refused).words ? error as Refused : refuse('unexpected')
    }
  }
  async function busily<T>(act: () => Promise<T>): Promise<T> {
    busy.value = true
    try { return await act() } finally { busy.value = false }
  }
  return {
    kept, files, shown, busy, failed, refresh,

    /** Quick create 快速创建: an app link with app id and secret, in force at once. Returns its id. Throws Refused. */
    create: (name: string): Promise<string> => busily(async () => {
      shown.value = await ports.create(name.trim())
      await Promise.all([ports.planChanged(), refresh()])
      return shown.value.access
    }),

    /** A secret, or a new one in place of the one before it. Throws Refused. */
    issue: (access: string, appId: string | null): Promise<void> => busily(async () => {
      const { secret } = await ports.issue(access)
      shown.value = { access, appId, secret }
      await refresh()
    }),

    /** Serves a text file at the site's root. `name`: it is not such a file. Throws Refused. */
    upload: (name: string, text: string): Promise<'uploaded' | 'name' | 'size'> => busily(async () => {
      if (!FILE.test(name)) return 'name'
      if (!text || new TextEncoder().encode(text).length > FILE_BYTES) return 'size'
      await ports.upload(name, text)
      await refresh()
      return 'uploaded'
    }),

    remove: (name: string): Promise<void> => busily(async () => {
      await ports.remove(name)
      await refresh()
    }),
  }
}
export type Ways = ReturnType<typeof makeWays>
