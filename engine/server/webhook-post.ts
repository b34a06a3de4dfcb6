// Posts a batch of facts to somebody's server: signed, to an address that was looked at first, without following redirects.
import { createHmac } from 'node:crypto'
import { lookup as resolve } from 'node:dns/promises'
import { request as http, type ClientRequest, type RequestOptions } from 'node:http'
import { request as https } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { POST_TIMEOUT_MS } from './limits.ts'

/** Ranges that are not the public internet: this machine, this network, and those that are nobody's. */
const SPECIAL = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16',
  '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
  '::/128', '::1/128', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001::/23', '2001:db8::/32', '2002::/16', 'fc00::/7', 'fe80::/10', 'ff00::/8',
]
const NAMED: Readonly<Record<string, string[]>> = { loopback: ['127.0.0.0/8', '::1/128'], linklocal: ['169.254.0.0/16', 'fe80::/10'], uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'] }

/** Addresses and ranges as one list that can be asked. */
export function networks(ranges: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const range of ranges.flatMap((each) => NAMED[each] ?? [each])) {
    const [address = '', bits] = range.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return (address) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}
const isSpecial = networks(SPECIAL)
/** An IPv4 address that is written as IPv6 is that IPv4 address. */
const plain = (address: string): string => /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address

/** The other side did not take it: why, in a sentence. */
export class NotTaken extends Error {}

/** Where one may post to: public addresses over https, and whatever the installation opened, also over http. */
export function mayPost(protocol: string, address: string, opened: (address: string) => boolean): boolean {
  const real = plain(address)
  return opened(real) || (protocol === 'https:' && !isSpecial(real))
}

/** The signature's header: of the instant (UTC s) and the very bytes of the body. */
export const signature = (secret: string, seconds: number, body: string): string => `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`

export interface Post {
  url: string
  secret: string
  body: string
  headers: Record<string, string>
  /** UTC ms. */
  now: number
  opened: (address: string) => boolean
  signal: AbortSignal
}

/** Posts; resolves when it was taken (2xx). Rejects with NotTaken. */
export async function post({ url, secret, body, headers, now, opened, signal }: Post): Promise<void> {
  const to = new URL(url)
  const host = to.hostname.replace(/^\[|\]$/g, '')
  const found = isIP(host) ? [{ address: host, family: isIP(host) }] : await resolve(host, { all: true }).catch((problem: Error) => { throw new NotTaken(problem.message) })
  const first = found.find(({ address }) => mayPost(to.protocol, address, opened))
  if (!first) throw new NotTaken(`${host} is no address that may be posted to over ${to.protocol.slice(0, -1)}`)
  // The address that was looked at is the one that is used: a name that says something else a moment later changes nothing.
  const pinned: LookupFunction = (_name, options, done) => (options.all ? done(null, [first]) : done(null, first.address, first.family))
  const options: RequestOptions = {
    method: 'POST', agent: false, lookup: pinned, signal: AbortSignal.any([signal, AbortSignal.timeout(POST_TIMEOUT_MS)]),
    headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), 'user-agent': 'Twinline', 'twinline-signature': signature(secret, Math.floor(now / 1000), body) },
  }
  const status = await new Promise<number>((settle, fail) => {
    const sent: ClientRequest = (to.protocol === 'https:' ? https : http)(to, options, (response) => {
      response.destroy() // what it says besides is of no use
      settle(response.statusCode ?? 0)
    })
    sent.once('error', (problem) => fail(new NotTaken(problem.name === 'TimeoutError' || problem.name === 'AbortError' ? `no answer within ${POST_TIMEOUT_MS / 1000} s` : problem.message)))
    sent.end(body)
  })
  if (status < 200 || status > 299) throw new NotTaken(`answered ${status}${status >= 300 && status < 400 ? '; redirects are not followed' : ''}`)
}
