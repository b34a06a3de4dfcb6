// Access points over HTTP: quick create, secrets, samples for their hosts, the widget's script, and files for the site's root.
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { AccessSchema, CHANNELS, type PlanAccess } from '#events/plan.ts'
import { Refused } from './errors.ts'
import { MAX_SITE_FILES, SITE_FILE_BYTES } from './limits.ts'
import type { Ports } from './ports.ts'
import { route, type Route } from './route.ts'
import { Done, Line, Ms, Nullable, OfId } from './schemas.ts'

const strict = { additionalProperties: false }
const read = (file: string): string => readFileSync(join(import.meta.dirname, 'samples', file), 'utf8')
/** What hosts put into their pages and apps, by kind; a sample is a file of `samples/`. */
export const SAMPLES = {
  snippet: { file: 'snippet.html', text: read('snippet.html') },
  'webview-android': { file: 'TwinlineActivity.kt', text: read('TwinlineActivity.kt') },
  'wkwebview-ios': { file: 'TwinlineViewController.swift', text: read('TwinlineViewController.swift') },
  miniprogram: { file: 'miniprogram.txt', text: read('miniprogram.txt') },
} as const
type Kind = keyof typeof SAMPLES
const WIDGET = read('widget.js')
const FILE = '^[A-Za-z0-9_-]{1,100}\\.txt$'
const THEME = '#1677ff'

export function accessRoutes({ editor, hosts, store: { secrets, files }, config, now }: Ports): Route[] {
  const find = (id: string | undefined): PlanAccess => {
    const access = editor.current.access.find((each) => each.id === id)
    if (!access) throw new Refused('unknown_access', id)
    return access
  }
  /** Where this installation is reached, as whoever asks does, unless it says so itself. */
  const origin = (request: FastifyRequest): string => config.publicUrl ?? `${request.protocol}://${request.host}`
  const filled = (text: string, access: PlanAccess, request: FastifyRequest): string =>
    text.replaceAll('{{ORIGIN}}', origin(request)).replaceAll('{{HOST}}', new URL(origin(request)).host).replaceAll('{{ACCESS}}', access.id).replaceAll('{{APP_ID}}', access.appId ?? '')

  return [
    route({
      method: 'GET', url: '/api/access', who: ['read', 'access'], about: 'The access points of the plan in force, with their links and since when they have a secret.',
      summary: { zh: '接入点列表', en: 'Access points' },
      answer: Type.Object({ access: Type.Array(Type.Object({ access: AccessSchema, link: Type.String(), secret: Nullable(Type.Object({ createdBy: Type.String(), createdAt: Ms })) })) }),
      handle: async ({ request }) => {
        const kept = new Map((await secrets.list()).map(({ access, ...rest }) => [access, rest]))
        return { access: editor.current.access.map((access) => ({ access, link: `${origin(request)}/v/${access.id}`, secret: kept.get(access.id) ?? null })) }
      },
    }),
    route({
      method: 'POST', url: '/api/access', who: ['create', 'access'],
      about: 'Quick create 快速创建: a new access point in the plan, switched on, with an app id (of an app link) and a secret, which is shown this once.',
      summary: { zh: '快速创建接入点', en: 'Quick create an access point' },
      body: Type.Object({ name: Line(100), channel: Type.Enum([...CHANNELS]) }, strict),
      answer: Type.Object({ access: Type.String(), appId: Nullable(Type.String()), secret: Type.String() }),
      handle: async ({ body: { name, channel }, who }) => {
        const id = `${channel.replace('_', '-')}-${randomBytes(5).toString('hex')}`
        const appId = channel === 'app' ? `tw${randomBytes(8).toString('hex')}` : null
        const account = who!.account.name
        await editor.edit({ account }, (current) => ({
          ...current, version: current.version + 1, access: [...current.access, { id, name, channel, enabled: true, ...(appId === null ? {} : { appId, signed: true }) }],
        }))
        return { access: id, appId, secret: await hosts.issue(id, account) }
      },
    }),
    route({
      method: 'POST', url: '/api/access/:id/secret', who: ['change', 'access'], about: 'Gives an access point a secret, or a new one: the one before it ends at once. Shown this once.',
      summary: { zh: '生成或更换接入点密钥', en: 'New secret for an access point' }, params: OfId, answer: Type.Object({ access: Type.String(), secret: Type.String() }),
      handle: async ({ params, who }) => {
        const { id } = find(params['id'])
        return { access: id, secret: await hosts.issue(id, who!.account.name) }
      },
    }),
    route({
      method: 'GET', url: '/api/access/:id/sample', who: ['read', 'access'], about: 'Code for the host of an access point, with this installation’s address filled in: a script snippet, an Android WebView, an iOS WKWebView, a mini program page.',
      summary: { zh: '下载接入示例', en: 'Sample code for a host' }, params: OfId, mediaType: 'text/plain',
      query: Type.Object({ kind: Type.Enum(Object.keys(SAMPLES) as Kind[]) }, strict), answer: Type.String(),
      handle: ({ params, query, request, reply }) => {
        const { file, text } = SAMPLES[query.kind]
        return reply.type('text/plain; charset=utf-8').header('content-disposition', `attachment; filename="${file}"`).send(filled(text, find(params['id']), request))
      },
    }),
    route({
      method: 'GET', url: '/widget.js', who: 'anyone', about: 'The script that hosts put on their pages: a button which opens the visitor’s page of `access` in a frame.',
      summary: { zh: '网页插件脚本', en: 'The widget’s script' }, mediaType: 'text/javascript', query: Type.Object({ access: Type.String({ minLength: 1, maxLength: 64 }) }, strict), answer: Type.String(),
      handle: ({ query, request, reply }) => {
        const { id, name, enabled, theme = THEME, language = 'auto' } = find(query.access)
        // It stands in a script of its own, never in a page: JSON is all the quoting it needs.
        const filledIn = WIDGET.replace('__ACCESS__', () => JSON.stringify({ origin: origin(request), id, name, enabled, theme, language }))
        return reply.type('text/javascript; charset=utf-8').headers({ 'cache-control': 'private, max-age=60', 'cross-origin-resource-policy': 'cross-origin' }).send(filledIn)
      },
    }),
    route({
      method: 'GET', url: '/api/site-files', who: ['read', 'site_files'], about: 'The files served at the site’s root, such as a mini program’s domain verification.',
      summary: { zh: '根目录文件列表', en: 'Files at the site’s root' }, answer: Type.Object({ files: Type.Array(Type.Object({ name: Type.String(), uploadedBy: Type.String(), uploadedAt: Ms })) }),
      handle: async () => ({ files: await files.list() }),
    }),
    route({
      method: 'PUT', url: '/api/site-files/:name', who: ['change', 'site_files'], about: 'Serves a text of at most 1 KiB at `/NAME.txt`.',
      summary: { zh: '上传根目录文件', en: 'Upload a file for the site’s root' }, params: Type.Object({ name: Type.String({ pattern: FILE }) }),
      body: Type.Object({ text: Type.String({ minLength: 1, maxLength: SITE_FILE_BYTES }) }, strict), answer: Type.Object({ path: Type.String() }),
      handle: async ({ params, body: { text }, who }) => {
        const name = params['name']!
        if (Buffer.byteLength(text) > SITE_FILE_BYTES) throw new Refused('too_large')
        const all = await files.list()
        if (all.length >= MAX_SITE_FILES && !all.some((file) => file.name === name)) throw new Refused('too_many')
        await files.set({ name, text, uploadedBy: who!.account.name, uploadedAt: now() })
        return { path: `/${name}` }
      },
    }),
    route({
      method: 'DELETE', url: '/api/site-files/:name', who: ['change', 'site_files'], about: 'Serves a file no longer.',
      summary: { zh: '删除根目录文件', en: 'Remove a file from the site’s root' }, params: Type.Object({ name: Type.String({ pattern: FILE }) }), answer: Done,
      handle: async ({ params }) => {
        if (!(await files.remove(params['name']!))) throw new Refused('not_found', params['name'])
        return {}
      },
    }),
    route({
      method: 'GET', url: `/:file(${FILE})`, who: 'anyone', about: 'A file that was uploaded for the site’s root.',
      summary: { zh: '根目录文件', en: 'A file at the site’s root' }, params: Type.Object({ file: Type.String() }), mediaType: 'text/plain', answer: Type.String(),
      handle: async ({ params, reply }) => {
        const text = await files.text(params['file']!)
        if (text === null) throw new Refused('not_found')
        return reply.type('text/plain; charset=utf-8').send(text)
      },
    }),
  ]
}
