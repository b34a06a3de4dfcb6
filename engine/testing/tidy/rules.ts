// The house's manners as functions: a source in, sentences about what is wrong out.
import { posix } from 'node:path'
import { BORDERS, isFree, rowOf } from './rows.ts'
import { importsOf, isSource, lineAt, treeOf, walk, type Node, type Source } from './syntax.ts'

/** Where an import leads: a file of the house, a module of Node, or a library. */
function target(path: string, from: string): { file?: string; node?: true; library?: string } {
  if (from.startsWith('node:')) return { node: true }
  for (const [name, folder] of Object.entries(BORDERS)) if (from.startsWith(name)) return { file: folder + from.slice(name.length) }
  if (from.startsWith('.')) return { file: posix.join(posix.dirname(path), from) }
  return { library: /^(@[^/]+\/)?[^/]+/.exec(from)?.[0] ?? from }
}

/** Arrows and library doors. */
export function arrows(source: Source): string[] {
  if (!isSource(source.path)) return []
  const { path } = source
  const row = rowOf(path)
  const no = (what: string): string => `${path}: ${what}`
  if (isFree(path)) return importsOf(source).flatMap(({ from }) => nameless(path, from).map(no))
  if (!row) return [no('no row of engine/testing/tidy/rows.ts says what may be imported here')]
  return importsOf(source).flatMap(({ from, types }): string[] => {
    const { file, node, library } = target(path, from)
    if (node) return row.node ? [] : [no(`may not import ${from}: nothing of Node here`)]
    if (library !== undefined) return (row.libraries ?? []).some((name) => (name.endsWith('/') ? library.startsWith(name) : library === name)) ? [] : [no(`may not import ${from}: this library has no door here`)]
    if (isFree(file!) && !row.may.includes(file!)) return [no(`may not import ${from}: it is an aid of tests`)]
    const allowed = rowOf(file!) === row || row.may.some((may) => (may.startsWith('type ') ? types && file!.startsWith(may.slice('type '.length)) : file!.startsWith(may)))
    return allowed ? nameless(path, from).map(no) : [no(`may not import ${from}${types ? '' : ' (its types perhaps)'}`)]
  })
}

/** Borders are imported by their names. */
function nameless(path: string, from: string): string[] {
  const { file } = target(path, from)
  if (!from.startsWith('.')) return []
  return Object.entries(BORDERS).flatMap(([name, folder]) => (file!.startsWith(folder) && !path.startsWith(folder) ? [`imports ${from}: from outside it is called ${name}${file!.slice(folder.length)}`] : []))
}

/** Every library is a dependency of the house itself; only tests and their aids may use one that an installation lacks. */
export function declared(source: Source, manifest: { dependencies: object; devDependencies: object }): string[] {
  if (!isSource(source.path)) return []
  return importsOf(source).flatMap(({ from, types }) => {
    const { library } = target(source.path, from)
    if (library === undefined || library === 'computed' || Object.hasOwn(manifest.dependencies, library)) return []
    const dev = Object.hasOwn(manifest.devDependencies, library)
    return dev && (types || isFree(source.path)) ? [] : [`${source.path}: ${library} is ${dev ? 'there for development only' : 'in no list of package.json'}`]
  })
}

/** Names that stand for a clock, dice, waiting, or this machine. */
const WORLD = new Set([
  'performance', 'process', 'console', 'fetch', 'crypto', 'globalThis', 'window', 'self', 'require', 'navigator', 'localStorage', 'WebSocket', 'Worker', 'Temporal',
  'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'requestAnimationFrame',
])
const CALLS = new Set(['Date.now', 'Math.random'])
/** Used as they are, so that these calls can be seen. */
const APART = new Set(['Date', 'Math'])
/** Methods that answer in the time zone or the language of this machine, unless they are given as many arguments. */
const LOCAL: Readonly<Record<string, number>> = {
  getHours: Infinity, getMinutes: Infinity, getDay: Infinity, getDate: Infinity, getMonth: Infinity, getFullYear: Infinity, getTimezoneOffset: Infinity,
  toLocaleString: 1, toLocaleDateString: 2, toLocaleTimeString: 2, localeCompare: 2,
}

/** No clock, no dice, nothing of this machine where a row says so. */
export function purity(source: Source): string[] {
  const row = isFree(source.path) ? undefined : rowOf(source.path)
  if (!isSource(source.path) || !row?.pure) return []
  const found: string[] = []
  walk(treeOf(source), (node, parent, key) => {
    const impure = usesWorld(node, parent, key) ?? (row.still ? moves(node, parent, key) : null)
    if (impure) found.push(`${source.path}:${lineAt(source.text, node.start)}: ${impure} in code that must be pure`)
  })
  return found
}

function usesWorld(node: Node, parent: Node | null, key: string): string | null {
  if (node.type === 'Identifier' && WORLD.has(node.name as string) && !isName(parent, key)) return node.name as string
  if (node.type === 'Identifier' && APART.has(node.name as string) && !isName(parent, key) && key !== 'object' && key !== 'callee') return `${String(node.name)}, taken apart,`
  if (node.type === 'MemberExpression') {
    const [object, property] = [node.object, node.property] as Node[]
    const member = `${String(object?.name)}.${String(property?.name ?? property?.value)}`
    if (CALLS.has(member)) return member
  }
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return null
  const callee = node.callee as Node
  const given = (node.arguments as unknown[]).length
  if (callee.name === 'Date' && (node.type === 'CallExpression' || given !== 1)) return 'Date of this machine’s clock or time zone'
  const method = String((callee.property as Node | undefined)?.name)
  return given < (LOCAL[method] ?? 0) ? method : null
}

/** Where instants are numbers and nothing waits. */
function moves(node: Node, parent: Node | null, key: string): string | null {
  if (node.type === 'Identifier' && node.name === 'Date' && !isName(parent, key)) return 'Date'
  return node.type === 'AwaitExpression' || node.async === true ? 'async' : null
}

/** An identifier that only names a member, a key or a type is no use of what it is called. */
function isName(parent: Node | null, key: string): boolean {
  if (!parent) return false
  if (key === 'property' && parent.type === 'MemberExpression') return parent.computed !== true
  if (key === 'key') return parent.computed !== true
  return parent.type.startsWith('TS') && (key === 'typeName' || key === 'left' || key === 'right' || key === 'label')
}

/** The first line of a source says what the file is for. */
export function firstLine({ path, text }: Source): string[] {
  if (!isSource(path) && !path.endsWith('.css')) return []
  const [first = '', second = ''] = text.split('\n')
  return /^(\/\/ ?\S|\/\*+ ?\S)/.test(first.startsWith('#!') ? second : first) ? [] : [`${path}: its first line is not a comment that says what it is for`]
}

/** Above this a file holds more than one noun. */
const MAX_LINES = 400
export function length({ path, text }: Source): string[] {
  const lines = text.split('\n').length - 1
  return (isSource(path) || path.endsWith('.css')) && lines > MAX_LINES ? [`${path}: ${lines} lines; split it by nouns (at most ${MAX_LINES})`] : []
}

// Written so that this file does not find itself.
const LEFTOVER = /\b(?:TOD[O]|FIXM[E]|XX[X]|HAC[K])\b/
const HOMES = /(?<![\w.-])\/(?:work\b|home\/[a-z]|Users\/[A-Za-z])|\b[A-Z]:\\\\?Users\b/

/** Nothing is left for later, and no path of anybody's machine is in the text. */
export function leftovers({ path, text }: Source): string[] {
  return text.split('\n').flatMap((line, i) => {
    const found = [LEFTOVER.exec(line)?.[0], HOMES.exec(line)?.[0]].filter((x) => x !== undefined)
    return found.map((what) => `${path}:${i + 1}: ${what}`)
  })
}

/** No test is left alone on the stage, and none is left out without a comment that says why. (`skipIf` has its reason in its condition.) */
export function leftOut(source: Source): string[] {
  if (!/\.test\.tsx?$/.test(source.path)) return []
  const lines = source.text.split('\n')
  const found: string[] = []
  walk(treeOf(source), (node) => {
    if (node.type !== 'MemberExpression' || !isTest(node.object as Node)) return
    const name = String((node.property as Node).name)
    const line = lineAt(source.text, (node.property as Node).start)
    const said = /\/\//.test(lines[line - 1]!) || /^\s*(\/\/|\*)/.test(lines[line - 2] ?? '')
    if (name === 'only' || (['skip', 'todo', 'fails'].includes(name) && !said)) found.push(`${source.path}:${line}: .${name}${name === 'only' ? '' : ' without a comment that says why'}`)
  })
  return found
}
function isTest(node: Node | undefined): boolean {
  if (node?.type === 'MemberExpression') return isTest(node.object as Node)
  return node?.type === 'Identifier' && ['test', 'it', 'describe'].includes(node.name as string)
}

const ROOMS = ['engine', 'analytics', 'console', 'simulator', 'loadtest', 'fixtures']
const TOP = [...ROOMS, 'package.json', 'package-lock.json', 'tsconfig.json', 'Dockerfile', 'README.md', 'CHANGELOG.md', 'LICENSE']

/** The top level is a closed set (names that begin with a dot belong to tools), and each folder of it says what lives there. */
export function topLevel(paths: readonly string[]): string[] {
  const there = new Set(paths.map((path) => path.split('/')[0]!).filter((name) => !name.startsWith('.')))
  const wanted = [...TOP.filter((name) => !there.has(name)), ...ROOMS.map((room) => `${room}/README.md`).filter((path) => !paths.includes(path))]
  return [...[...there].filter((name) => !TOP.includes(name)).map((name) => `${name}: not at the top level`), ...wanted.map((name) => `${name}: missing`)]
}

/** Links between documents lead to something that is kept. */
export function links({ path, text }: Source, paths: readonly string[]): string[] {
  if (!path.endsWith('.md')) return []
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link]) => {
    const [to = ''] = link!.split('#')
    if (to === '' || /^[a-z]+:/.test(to)) return []
    const file = posix.join(posix.dirname(path), to)
    return paths.some((kept) => kept === file || kept.startsWith(`${file.replace(/\/$/, '')}/`)) ? [] : [`${path}: ${link} leads nowhere`]
  })
}

/** The settings that code reads and the table that explains them are the same. */
export function settings(sources: readonly Source[], table: string): string[] {
  const name = /\bTWINLINE_[A-Z_]*[A-Z]\b/g
  const inTable = new Set([...table.matchAll(name)].map(([found]) => found))
  const inCode = new Set(sources.filter(({ path }) => isSource(path) && !path.endsWith('.test.ts')).flatMap(({ text }) => [...text.matchAll(name)].map(([found]) => found)))
  return [...[...inCode].filter((s) => !inTable.has(s)).map((s) => `${s}: not explained in engine/README.md`), ...[...inTable].filter((s) => !inCode.has(s)).map((s) => `${s}: explained, but nothing reads it`)]
}
