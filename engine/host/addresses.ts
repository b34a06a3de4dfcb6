// The addresses of this machine: for certificates, for media, and for the lines that say where to go.
import { hostname, networkInterfaces } from 'node:os'

/** Addresses by which others in the network can reach this machine, IPv4 first; link-local ones, which need a zone, are left out. */
export function networkAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((interfaces) => interfaces ?? [])
  const outside = all.filter(({ internal, address }) => !internal && !/^(fe80:|169\.254\.)/i.test(address))
  const of = (family: 'IPv4' | 'IPv6') => outside.filter((each) => each.family === family).map(({ address }) => address)
  return [...new Set([...of('IPv4'), ...of('IPv6')])]
}

/** Names by which this machine may be called: its own, and the one that mDNS gives it in a network without DNS. */
export function hostNames(): string[] {
  const name = hostname().toLowerCase()
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name)) return ['localhost']
  return ['localhost', name, ...(name.includes('.') ? [] : [`${name}.local`])]
}

/** Origins (such as `https://192.168.1.5:8443`) at which a listener can be reached. */
export function originsOf({ host, port, tls }: { host: string; port: number; tls: boolean }): string[] {
  const hosts = host === '0.0.0.0' || host === '::' ? networkAddresses().filter((address) => host === '::' || !address.includes(':')) : [host]
  return hosts.map((each) => `${tls ? 'https' : 'http'}://${/^127\.|^::1$/.test(each) ? 'localhost' : each.includes(':') ? `[${each}]` : each}:${port}`)
}
