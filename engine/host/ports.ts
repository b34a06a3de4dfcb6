// Whether the ports that the engine will need are free: asked before anything is started, so that the answer is one sentence.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Config } from '../config.ts'

/** Rejects with a sentence when a port is taken, or may not be used. Port 0 is any free one. */
export async function checkPorts({ listeners, media }: Pick<Config, 'listeners' | 'media'>): Promise<void> {
  for (const { host, port, tls } of listeners) await check(() => bindTcp(host, port), `${port} on ${host}`, tls ? 'TWINLINE_HTTPS_PORT' : 'TWINLINE_PORT')
  if (media.port === 0) return
  for (let port = media.port; port < media.port + media.workers; port++) {
    await check(() => bindTcp('0.0.0.0', port), `${port} (media, TCP)`, 'TWINLINE_MEDIA_PORT')
    await check(() => bindUdp(port), `${port} (media, UDP)`, 'TWINLINE_MEDIA_PORT')
  }
}

async function check(bind: () => Promise<void>, what: string, setting: string): Promise<void> {
  try {
    await bind()
  } catch (problem) {
    const reasons: Record<string, string> = {
      EADDRINUSE: 'is taken by another program',
      EACCES: 'may be used by root only',
      EADDRNOTAVAIL: 'cannot be used: this machine does not have that address',
    }
    const { code = '', message } = problem as NodeJS.ErrnoException
    throw new Error(`Port ${what} ${reasons[code] ?? `cannot be used (${message})`}; set ${setting} to another one${code === 'EADDRNOTAVAIL' ? ', or TWINLINE_HOST to another address' : ''}.`)
  }
}

async function bindTcp(host: string, port: number): Promise<void> {
  const server = createServer().listen(port, host)
  await once(server, 'listening')
  server.close()
  await once(server, 'close')
}

async function bindUdp(port: number): Promise<void> {
  const socket = createSocket('udp4').bind(port, '0.0.0.0')
  await once(socket, 'listening')
  socket.close()
}
