// What the person who waits sees: which step runs and for how long, and, when one fails, the end of its output.
import { spawn } from 'node:child_process'

/** A failure whose message says what to do; it is shown without a stack. */
export class Refusal extends Error {}

const terminal = process.stderr.isTTY
const startedAt = Date.now()
const parent = process.ppid
let stepsDone = 0
let child

/** Everything goes to stderr: stdout belongs to the command that comes after the installer. */
export function say(line) {
  process.stderr.write(`${line}\n`)
}

/** Runs one step. In a terminal a live line counts its seconds; in a log there is a line now and then. */
export async function step(title, work) {
  const begun = Date.now()
  let detail = ''
  let lastLine = begun
  const show = () => {
    if (terminal) process.stderr.write(`\r\x1b[K… ${title} · ${duration(begun)}${detail && `  ${detail}`.slice(0, Math.max(0, (process.stderr.columns || 80) - title.length - 20))}`)
    else if (Date.now() - lastLine >= 15_000) {
      lastLine = Date.now()
      say(`  … ${duration(begun)}${detail && `: ${detail}`}`)
    }
  }
  if (!terminal) say(`… ${title}`)
  const ticker = setInterval(() => {
    if (process.ppid !== parent) stop() // npm was ended, and its shell does not tell us
    show()
  }, 1000)
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  try {
    const result = await work((line) => (detail = line.trim()))
    end(`✓ ${title} · ${duration(begun)}`)
    stepsDone++
    return result
  } catch (problem) {
    end(`✗ ${title} · ${duration(begun)}`)
    throw problem
  } finally {
    clearInterval(ticker)
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
}

/** One line at the end, when there was something to do. */
export function summary() {
  if (stepsDone) say(`✓ Everything is installed · ${duration(startedAt)}`)
}

/**
 * Runs a command to its end; `onLine` sees its output. Rejects with a Refusal that holds the end of the output and `advice`.
 * The command is a process group of its own, so that ending the installer ends all of it.
 */
export function run(command, args, { env = {}, cwd, onLine = () => {}, advice }) {
  return new Promise((settle, reject) => {
    const head = [] // errors stand first in what npm prints, last in what a compiler prints
    const tail = []
    child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    const listen = (chunk) => {
      for (const line of String(chunk).split(/[\r\n]+/)) {
        if (!line.trim()) continue
        if (/^(npm error|E:)/.test(line) && head.length < 12) head.push(line)
        else tail.push(line)
        if (tail.length > 20) tail.shift()
        onLine(line)
      }
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    const fail = (how) => reject(new Refusal([`${[command, ...args].join(' ')} ${how}`, ...[...head, ...tail].map((line) => `  │ ${line}`), advice].join('\n')))
    child.on('error', (problem) => fail(`could not be started: ${problem.message}`))
    child.on('close', (code, signal) => {
      child = undefined
      if (code === 0) settle()
      else fail(`failed (${signal ?? `exit code ${code}`}); the output:`)
    })
  })
}

function end(line) {
  if (terminal) process.stderr.write('\r\x1b[K')
  say(line)
}

function duration(since) {
  const seconds = Math.round((Date.now() - since) / 1000)
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

function stop() {
  try {
    if (child?.pid) process.kill(-child.pid, 'SIGTERM')
  } catch {
    // it has just ended
  }
  end('✗ Installation interrupted; start it again to go on.')
  process.exit(130)
}
