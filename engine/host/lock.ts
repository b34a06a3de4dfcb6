// One supervisor per data folder: a file that names the one that runs and its children, so that a start after a kill finds
// and ends what was left running.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { link, mkdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A process that cannot be mistaken for another one that got its number later. */
interface Identity {
  pid: number
  startedAt: string
}

interface Contents extends Identity {
  children: Identity[]
}

export interface Lock {
  /** Notes which children run now. */
  setChildren: (pids: number[]) => Promise<void>
  release: () => Promise<void>
}

const endTimeoutMs = 15_000

/**
 * Takes the data folder, made when it is missing. Children of a supervisor that was killed are ended first. Rejects with a
 * sentence when another supervisor runs on it, or when it cannot be written.
 */
export async function lockFolder(dataFolder: string): Promise<Lock> {
  const file = join(dataFolder, 'supervisor.json')
  const self = identityOf(process.pid)!
  const contents = (children: number[]) => JSON.stringify({ ...self, children: children.flatMap((pid) => identityOf(pid) ?? []) } satisfies Contents)
  const fresh = `${file}.${process.pid}`
  try {
    await mkdir(dataFolder, { recursive: true })
    await writeFile(fresh, contents([]))
  } catch (problem) {
    throw new Error(`The data folder ${dataFolder} cannot be written (${(problem as NodeJS.ErrnoException).code}); set TWINLINE_DATA to one that can.`)
  }
  try {
    while (!(await linked(fresh, file))) await takeOver(file, dataFolder)
  } finally {
    await unlink(fresh)
  }
  let writing = Promise.resolve()
  return {
    setChildren: (pids) => {
      writing = writing.then(async () => {
        await writeFile(fresh, contents(pids))
        await rename(fresh, file)
      })
      return writing
    },
    release: async () => {
      await writing
      await rm(file, { force: true })
    },
  }
}

/** A link fails where the name is taken: of two who start at once, one gets it. */
async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw problem
  }
}

async function takeOver(file: string, dataFolder: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const holder = parse(text)
  if (holder && isAlive(holder)) throw new Error(`Another Twinline (process ${holder.pid}) runs on the data folder ${dataFolder}.`)
  await Promise.all((holder?.children ?? []).filter(isAlive).map(endProcess))
  // Moved aside before it is removed: if someone else has taken the folder in the meantime, that is seen and put back.
  const aside = `${file}.${process.pid}.old`
  await rename(file, aside).catch(() => {})
  if ((await readFile(aside, 'utf8').catch(() => text)) !== text) await linked(aside, file)
  await rm(aside, { force: true })
}

function parse(text: string): Contents | undefined {
  try {
    return JSON.parse(text) as Contents
  } catch {
    return undefined // written before a power cut: nobody of that time is alive
  }
}

async function endProcess(which: Identity): Promise<void> {
  const until = performance.now() + endTimeoutMs
  process.kill(which.pid, 'SIGTERM')
  while (isAlive(which)) {
    if (performance.now() > until) process.kill(which.pid, 'SIGKILL')
    await new Promise((settle) => setTimeout(settle, 20))
  }
}

function isAlive({ pid, startedAt }: Identity): boolean {
  return identityOf(pid)?.startedAt === startedAt
}

/** The process with this number, or undefined when there is none (or only what remains of one until its parent asks). */
function identityOf(pid: number): Identity | undefined {
  try {
    if (process.platform !== 'linux') return { pid, startedAt: execFileSync('ps', ['-o', 'lstart=', '-p', `${pid}`], { encoding: 'utf8' }).trim() }
    const [state, ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return state === 'Z' ? undefined : { pid, startedAt: `${boot} ${fields[18]}` }
  } catch {
    return undefined
  }
}
