// Starts one of Twinline's own programs as a child process; the child's side of it is supervised.ts.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Run } from './keeper.ts'
import { type Ready, refused } from './supervised.ts'

export interface NodeProgram {
  /** TypeScript or JavaScript file, an absolute path. */
  file: string
  env: NodeJS.ProcessEnv
  /** How long it may take to finish its work when asked to stop; then it is killed. */
  stopTimeoutMs: number
  /** Receives its output, line by line. */
  onLine: (line: string) => void
  /** Receives what it says when it is ready. */
  onReady?: (message: Ready) => void
}

/** Starts the program. It is a process group of its own, so that Ctrl-C in a terminal reaches only its supervisor. */
export function startProgram({ file, env, stopTimeoutMs, onLine, onReady }: NodeProgram): Run {
  const child = spawn(process.execPath, [file], { env, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  let lastLine = ''
  for (const stream of [child.stdout!, child.stderr!])
    createInterface({ input: stream }).on('line', (line) => {
      if (line.trim()) lastLine = line.trim()
      onLine(line)
    })
  const ended = endOf(child).then((end) => ({ ...end, how: end.refused && lastLine ? lastLine : end.how }))
  const ready = new Promise<void>((settle, reject) => {
    child.on('message', (message) => {
      if (!isReady(message)) return
      onReady?.(message)
      settle()
    })
    void ended.then(({ how }) => reject(new Error(how)))
  })
  ready.catch(() => {}) // it may have ended before anyone waits
  const stop = async (now = false) => {
    if (now) child.kill('SIGKILL')
    else child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
    await ended
    clearTimeout(timer)
  }
  return { pid: child.pid ?? 0, ready, ended, stop }
}

async function endOf(child: ChildProcess): Promise<{ how: string; refused: boolean }> {
  const [code, signal] = await once(child, 'close').catch((problem: Error) => [problem.message, null])
  return { how: signal ? `killed by ${signal}` : typeof code === 'number' ? `exit code ${code}` : String(code), refused: code === refused }
}

function isReady(message: unknown): message is Ready {
  return typeof message === 'object' && message !== null && 'ready' in message && message.ready === true
}
