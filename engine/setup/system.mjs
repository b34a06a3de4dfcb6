// Debian (and Ubuntu) packages and the one system user: what is wanted, why, and installing it as root.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { Refusal, run, say, step } from './progress.mjs'

const isRoot = process.getuid?.() === 0

/** Whether this system installs its packages with apt. */
export const hasApt = existsSync('/usr/bin/apt-get') && existsSync('/usr/bin/dpkg-query')

/** Whether packages that are missing can be installed without asking someone. */
export const canInstall = hasApt && isRoot

/** Those of the packages that are not installed. */
export function missingPackages(names) {
  return names.filter((name) => {
    const { stdout } = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Status}', name], { encoding: 'utf8' })
    return stdout !== 'installed'
  })
}

/**
 * Makes sure that packages are there. As root it lists the missing ones with the reasons and installs them; otherwise it
 * refuses with the command that does. `wants` maps a reason to package names.
 */
export async function installPackages(title, wants) {
  const missing = missingPackages(Object.values(wants).flat())
  if (!missing.length) return
  const command = `apt-get install --no-install-recommends ${missing.join(' ')}`
  if (!isRoot) throw new Refusal(`${title} needs system packages that are missing. Install them and start again:\n  sudo ${command}`)
  say(`System packages 系统软件包 that will be installed now, with apt-get:`)
  for (const [reason, names] of Object.entries(wants)) {
    const wanted = names.filter((name) => missing.includes(name))
    if (wanted.length) say(`  ${wanted.join(' ')}\n    ${reason}`)
  }
  const env = { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' }
  const wait = ['-o', 'DPkg::Lock::Timeout=120'] // another apt may be at work
  await step(`System packages 系统软件包: ${title}`, async (onLine) => {
    // A source that cannot be reached is no reason to stop: the packages may come from another one.
    await run('apt-get', ['update', ...wait], { env, onLine, advice: '' }).catch(() => {})
    await run('apt-get', ['install', '-y', '--no-install-recommends', ...wait, ...missing], {
      env,
      onLine,
      advice: `Check that a Debian mirror can be reached ("apt-get update"), then start again; or run this yourself: ${command}`,
    })
  })
}

/** The system user of the database, when we are root and run one. */
export async function ensurePostgresUser() {
  if (!isRoot || process.env.DATABASE_URL) return
  if (spawnSync('id', ['-u', 'postgres'], { stdio: 'ignore' }).status === 0) return
  say('System user 系统用户 that will be made now: postgres\n    PostgreSQL refuses to run as root')
  await step('System user postgres 系统用户', () =>
    run('useradd', ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent', '--shell', '/usr/sbin/nologin', 'postgres'], {
      advice: 'Make a system user named postgres, or start Twinline as a user other than root, or set DATABASE_URL to a database of your own.',
    }),
  )
}
