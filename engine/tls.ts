// The certificate of the pages: one's own from its files, or one signed by an authority that this installation makes for itself.
import { X509Certificate, createPrivateKey } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import type { Server } from 'node:https'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import type { Config } from './config.ts'
import { hostNames, networkAddresses } from './host/addresses.ts'

const dayMs = 86_400_000
const authorityDays = 3650
const certificateDays = 397 // Apple's limit for certificates is 398 (825 for authorities that the user has added)
const renewBeforeDays = 30
const checkEveryMs = 60_000

/** What an https server needs, and, when we made it ourselves, the authority that browsers can be told to trust. */
export interface Tls {
  /** PEM, the whole chain. */
  cert: string
  /** PEM. */
  key: string
  authority: Authority | undefined
}

/** The certificate authority of this installation: trusted once, it covers every later certificate. */
export interface Authority {
  /** PEM. */
  cert: string
  /** SHA-256 in hexadecimal with colons, as browsers and systems show it. */
  fingerprint: string
}

type TlsConfig = Pick<Config, 'tls' | 'dataFolder' | 'publicUrl' | 'media'>

/**
 * The certificate to serve pages with, or undefined where encryption ends elsewhere. Rejects with a sentence when one's own
 * cannot be used. A self-made one is renewed when this machine's addresses have changed or it ends within 30 days.
 */
export async function certificate(config: TlsConfig, now = new Date()): Promise<Tls | undefined> {
  if (config.tls.kind === 'own') return await ownCertificate(config.tls.certFile, config.tls.keyFile, now)
  if (config.tls.kind === 'selfSigned') return await selfMadeCertificate(join(config.dataFolder, 'tls'), namesOf(config), now)
  return undefined
}

/**
 * Serves the newest certificate for as long as the server runs: one's own is renewed by someone else in its files, a
 * self-made one here. Looks once a minute; `onProblem` gets what is wrong, and the old certificate stays in use. Returns how to
 * stop looking.
 */
export function keepFresh(server: Server, config: TlsConfig, current: Tls, onProblem: (problem: Error) => void): () => void {
  let served = current
  const look = async () => {
    const newest = await certificate(config)
    if (!newest || newest.cert === served.cert) return
    server.setSecureContext({ cert: newest.cert, key: newest.key })
    served = newest
  }
  const timer = setInterval(() => void look().catch(onProblem), checkEveryMs)
  timer.unref()
  return () => clearInterval(timer)
}

async function ownCertificate(certFile: string, keyFile: string, now: Date): Promise<Tls> {
  const read = (name: string, file: string) =>
    readFile(file, 'utf8').catch((problem: NodeJS.ErrnoException) => {
      throw new Error(`${name} names ${file}, which cannot be read (${problem.code}).`)
    })
  const [cert, key] = [await read('TWINLINE_TLS_CERT', certFile), await read('TWINLINE_TLS_KEY', keyFile)]
  const parse = <T>(file: string, what: string, make: () => T): T => {
    try {
      return make()
    } catch {
      throw new Error(`${file} holds no ${what} in PEM form that can be read without a password.`)
    }
  }
  const leaf = parse(certFile, 'certificate', () => new X509Certificate(cert))
  const privateKey = parse(keyFile, 'private key', () => createPrivateKey(key))
  if (!leaf.checkPrivateKey(privateKey)) throw new Error(`The private key in ${keyFile} does not belong to the first certificate in ${certFile}.`)
  if (leaf.validToDate < now) throw new Error(`The certificate in ${certFile} ended on ${leaf.validToDate.toISOString().slice(0, 10)}.`)
  return { cert, key, authority: undefined }
}

async function selfMadeCertificate(folder: string, names: string[], now: Date): Promise<Tls> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const authority = await kept(folder, 'authority', now, () => true, () =>
    generate([{ name: 'commonName', value: `Twinline ${names[1] ?? names[0]} ${now.toISOString().slice(0, 10)}` }], {
      ...options(now, authorityDays),
      extensions: [
        { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
        { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
      ],
    }),
  )
  const issuer = new X509Certificate(authority.cert)
  const covers = (leaf: X509Certificate) =>
    leaf.verify(issuer.publicKey) && names.every((name) => (isIP(name) ? leaf.checkIP(name) : leaf.checkHost(name)) !== undefined)
  const leaf = await kept(folder, 'server', now, covers, () =>
    generate([{ name: 'commonName', value: 'Twinline' }], {
      ...options(now, certificateDays),
      ca: authority,
      extensions: [
        { name: 'basicConstraints', cA: false, critical: true },
        { name: 'keyUsage', digitalSignature: true, critical: true },
        { name: 'extKeyUsage', serverAuth: true },
        { name: 'subjectAltName', altNames: names.map((name) => (isIP(name) ? { type: 7, ip: name } : { type: 2, value: name })) },
      ],
    }),
  )
  return { cert: leaf.cert + authority.cert, key: leaf.key, authority: { cert: authority.cert, fingerprint: issuer.fingerprint256 } }
}

/** A certificate and its key from the folder, while they are good; else made anew. */
async function kept(folder: string, name: string, now: Date, good: (cert: X509Certificate) => boolean, make: () => ReturnType<typeof generate>) {
  // One file for both, renamed into place: a certificate is never found with another one's key.
  const file = join(folder, `${name}.pem`)
  const known = await readFile(file, 'utf8').catch((problem: NodeJS.ErrnoException) => {
    if (problem.code !== 'ENOENT') throw problem
  })
  if (known !== undefined) {
    try {
      const cert = new X509Certificate(known)
      const lastsLong = cert.validToDate.getTime() - now.getTime() > renewBeforeDays * dayMs
      if (lastsLong && cert.checkPrivateKey(createPrivateKey(known)) && good(cert)) return split(known)
    } catch {
      // unreadable: made anew
    }
  }
  const made = await make()
  const pem = `${made.cert.trim()}\n${made.private.trim()}\n`
  await writeFile(`${file}.new`, pem, { mode: 0o600 })
  await rename(`${file}.new`, file)
  return split(pem)
}

function split(pem: string): { cert: string; key: string } {
  const [cert = '', key = ''] = pem.split(/(?<=-----END CERTIFICATE-----\n)/)
  return { cert, key }
}

/** Times (an hour back, for clocks that run behind) and a key that every browser takes. */
const options = (now: Date, days: number) => ({
  keyType: 'ec' as const,
  curve: 'P-256' as const,
  algorithm: 'sha256',
  notBeforeDate: new Date(now.getTime() - dayMs / 24),
  notAfterDate: new Date(now.getTime() + days * dayMs),
})

/** Everything by which a browser may call this machine. */
function namesOf({ publicUrl, media }: TlsConfig): string[] {
  const host = publicUrl ? [new URL(publicUrl).hostname.replace(/^\[|\]$/g, '')] : []
  return [...new Set([...hostNames(), '127.0.0.1', '::1', ...networkAddresses(), ...host, ...media.announced])]
}
