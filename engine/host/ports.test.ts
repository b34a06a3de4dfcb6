// Ports that are taken: named before anything is started.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { checkPorts } from './ports.ts'

const anyPort = { port: 0, workers: 1, announced: [] }

test('free ports are fine, and free afterwards', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const listeners = [{ host: '127.0.0.1', port, tls: false }]
  await expect(checkPorts({ listeners, media: anyPort })).rejects.toThrow(`Port ${port} on 127.0.0.1 is taken by another program; set TWINLINE_PORT to another one.`)
  await expect(checkPorts({ listeners: [], media: { ...anyPort, port } })).rejects.toThrow(`Port ${port} (media, TCP) is taken`)
  server.close()
  await once(server, 'close')
  await checkPorts({ listeners, media: anyPort })
  await checkPorts({ listeners, media: anyPort })
})

test('media also needs the port for UDP', async () => {
  const socket = createSocket('udp4').bind(0, '0.0.0.0')
  await once(socket, 'listening')
  const { port } = socket.address()
  await expect(checkPorts({ listeners: [], media: { ...anyPort, port } })).rejects.toThrow(`Port ${port} (media, UDP) is taken by another program; set TWINLINE_MEDIA_PORT`)
  socket.close()
})

test('an address of another machine is not ours to listen on', async () => {
  const listeners = [{ host: '203.0.113.1', port: 0, tls: true }]
  await expect(checkPorts({ listeners, media: anyPort })).rejects.toThrow('this machine does not have that address; set TWINLINE_HTTPS_PORT to another one, or TWINLINE_HOST')
})
