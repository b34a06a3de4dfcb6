// Access points as requests name them: which one is meant, and what makes a plan's access points impossible.
import type { Plan, PlanAccess } from './plan.ts'

/** How a page or an app names its way in: by the access point's id, or by the IM account that is linked to it. */
export type NamedAccess = { access: string } | { appId: string; configId: string }

/** The access point that is meant; undefined when there is none. An APP_ID with a Config_Id is that of a linked IM account 关联IM账号. */
export function resolveAccess(plan: Pick<Plan, 'access'>, named: NamedAccess): PlanAccess | undefined {
  if ('access' in named) return plan.access.find(({ id }) => id === named.access)
  return plan.access.find(({ im }) => im?.appId === named.appId && im.configId === named.configId)
}

/** What makes a plan's access points impossible, in sentences. Their shape is checked at the border. */
export function accessErrors(plan: Pick<Plan, 'access'>): string[] {
  const errors: string[] = []
  const apps = new Map<string, string>()
  const links = new Map<string, string>()
  const once = (known: Map<string, string>, key: string, id: string, what: string): void => {
    const other = known.get(key)
    if (other !== undefined) errors.push(`access ${id}: ${what} belongs to ${other}`)
    known.set(key, id)
  }
  for (const { id, channel, form, appId, im, origins } of plan.access) {
    if (appId !== undefined) once(apps, appId, id, `app id ${appId}`)
    if (im) once(links, JSON.stringify([im.appId, im.configId]), id, `APP_ID ${im.appId} with Config_Id ${im.configId}`)
    if (form !== undefined && channel !== 'web') errors.push(`access ${id}: only a web access point has a form`)
    if ((appId !== undefined || im) && channel !== 'app') errors.push(`access ${id}: only an app link has an app id or an IM account`)
    for (const origin of origins ?? []) if (!ORIGIN.test(origin)) errors.push(`access ${id}: ${origin} is not an origin such as https://example.com`)
  }
  return errors
}

/** As browsers send it, and as it may stand in a header: small letters, no path, no wildcard. */
const ORIGIN = /^https?:\/\/(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\])(?::[1-9]\d{0,4})?$/
