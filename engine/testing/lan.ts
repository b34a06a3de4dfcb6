// For system tests: an office network on this machine, made of network namespaces. Two people's machines, each on a network of
// his own with the server; nothing leads from one to the other, nor to this machine's own network.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { chromiumPath } from './chromium.mjs'

/** A machine of the network. */
export interface Machine {
  /** Put before a command, these words run it on this machine. */
  through: string[]
  /** Address at which this machine finds the server. */
  server: string
  /**
   * A program to be opened as the browser: Chromium on this machine, of a user who trusts this authority (a certificate file)
   * beside the public ones; without one he trusts only those.
   */
  browser: (trusted?: string) => string
}

export interface Lan {
  /** Put before a command, these words run it on the server. */
  server: string[]
  agent: Machine
  visitor: Machine
  /** Command lines of what runs on these machines. */
  running: () => string[]
  /** Ends what still runs on these machines and removes them. */
  remove: () => void
}

const PREFIX = 'twinline-'
const PEOPLE = ['agent', 'visitor'] as const
const run = (program: string, ...args: string[]): string => execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
const ip = (...args: string[]): string => run('ip', ...args)
/** Not `ip netns exec`, which mounts /sys anew and may not where the root folder is no mount, such as after a chroot. */
const through = (namespace: string): string[] => ['nsenter', `--net=/run/netns/${namespace}`]
const ipOf = (namespace: string, ...args: string[]): string => run('nsenter', ...through(namespace).slice(1), 'ip', ...args)

/** Why no such network can be made here, in a sentence; or null. */
export function whyNoLan(): string | null {
  const probe = `${PREFIX}${process.pid}-probe`
  try {
    ip('netns', 'add', probe)
    try { ipOf(probe, 'link', 'add', 'one', 'type', 'veth', 'peer', 'name', 'other') } finally { ip('netns', 'del', probe) }
    run('sh', '-c', 'command -v certutil')
    return null
  } catch (problem) {
    const { stderr, message } = problem as { stderr?: string; message: string }
    return `a network of its own takes root on Linux, iproute2 and certutil (libnss3-tools): ${(stderr?.trim() || message).split('\n')[0]}`
  }
}

/** Makes the network. What test runs that were killed left behind is removed first. */
export async function makeLan(): Promise<Lan> {
  const known = namespaces()
  const stale = known.filter((name) => !alive(Number(name.slice(PREFIX.length).split('-')[0])))
  stale.forEach(removeNamespace)
  const made: string[] = []
  const make = (name: string) => {
    const namespace = `${PREFIX}${process.pid}-${name}`
    ip('netns', 'add', namespace)
    made.push(namespace)
    ipOf(namespace, 'link', 'set', 'lo', 'up')
    return namespace
  }
  const folder = mkdtempSync(join(tmpdir(), 'twinline-lan-'))
  const remove = () => {
    made.splice(0).forEach(removeNamespace)
    rmSync(folder, { recursive: true, force: true })
  }

  try {
    const server = make('server')
    const people = PEOPLE.map((name, i): Machine => {
      const namespace = make(name)
      // Made where they belong: the machine's own network never has them, and they vanish with their namespace.
      ip('link', 'add', 'lan', 'netns', namespace, 'type', 'veth', 'peer', 'name', name, 'netns', server)
      const ends: [namespace: string, link: string, address: string][] = [[server, name, `10.77.${i}.1`], [namespace, 'lan', `10.77.${i}.2`]]
      for (const [at, link, address] of ends) {
        ipOf(at, 'addr', 'add', `${address}/24`, 'dev', link)
        ipOf(at, 'link', 'set', link, 'up')
      }
      return { through: through(namespace), server: `10.77.${i}.1`, browser: (trusted) => browser(mkdtempSync(join(folder, `${name}-`)), namespace, trusted) }
    })
    // A link counts as up a moment after its other end: until then the server would not know its own address.
    while (PEOPLE.some((name) => !/state UP/.test(ipOf(server, 'link', 'show', name)))) await pause(10)
    const running = () => made.flatMap(processes).map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim())
    return { server: through(server), agent: people[0]!, visitor: people[1]!, running, remove }
  } catch (problem) {
    remove()
    throw problem
  }
}

/** A user's home folder, and a program that is Chromium on that machine with that home. */
function browser(home: string, namespace: string, trusted?: string): string {
  if (trusted !== undefined) {
    const store = join(home, '.pki', 'nssdb') // what a person fills at "manage certificates"
    mkdirSync(store, { recursive: true })
    run('certutil', '-N', '-d', `sql:${store}`, '--empty-password')
    run('certutil', '-A', '-d', `sql:${store}`, '-n', 'Twinline', '-t', 'C,,', '-i', trusted)
  }
  const program = join(home, 'chromium')
  writeFileSync(program, `#!/bin/sh\nexport HOME='${home}'\nexec ${through(namespace).join(' ')} '${chromiumPath()}' "$@"\n`, { mode: 0o755 })
  return program
}

function namespaces(): string[] {
  return ip('netns', 'list').split('\n').map((line) => line.split(' ')[0]!).filter((name) => name.startsWith(PREFIX))
}

const processes = (namespace: string): string[] => ip('netns', 'pids', namespace).split('\n').filter(Boolean)

function removeNamespace(namespace: string): void {
  for (const pid of processes(namespace)) {
    try { process.kill(Number(pid), 'SIGKILL') } catch { /* it has just ended */ }
  }
  ip('netns', 'del', namespace)
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false // this takes root, to whom no process is closed
  }
}
